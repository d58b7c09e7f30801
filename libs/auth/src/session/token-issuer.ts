import type { SessionTokens } from './session-record.ts';

/** What a session needs of the issuer while it lives. */
export interface TokenIssuer {
  /**
   * New tokens for a refresh token. Rejects with `RefreshRefused` when the issuer says that the grant has ended, and with
   * `AppError('unavailable')` for everything else: no answer is no reason to sign anybody out.
   */
  refresh(refreshToken: string): Promise<SessionTokens>;
  /** Tells the issuer that the token is not needed any more. */
  revoke(refreshToken: string): Promise<void>;
}

/** The issuer's `invalid_grant`. */
export class RefreshRefused extends Error {
  override readonly name = 'RefreshRefused';
}
