import type { CryptoKey } from 'jose';

/** The parts of a token's header that choose a key. Not authenticated yet: judge nothing else by them. */
export interface KeyHint {
  readonly alg?: string | undefined;
  readonly kid?: string | undefined;
}

/** Where public keys come from. */
export interface KeySource {
  /**
   * The key that `hint` names.
   *
   * Rejects with an `AppError` `unavailable` when the keys cannot be had at present, and with any other
   * error when there is no such key (the token is then refused).
   */
  find(hint: KeyHint): Promise<CryptoKey>;
}
