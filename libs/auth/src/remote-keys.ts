import { AppError, type Clock } from '@bff/core';
import { createLocalJWKSet, errors, type CryptoKey, type LocalJWKSet } from 'jose';
import { fetchJwks, type Fetch } from './fetch-jwks.ts';
import type { KeyHint, KeySource } from './key-source.ts';
import { findLocalKey } from './static-keys.ts';

export interface RemoteKeysOptions {
  /** The issuer's `jwks_uri`. */
  url: string;
  clock: Clock;
  fetch?: Fetch;
  /** Older keys are fetched anew, in the background. Milliseconds, default 5 minutes. */
  freshMs?: number;
  /** Longest time one fetch may take, in milliseconds. Default 3 000. */
  fetchTimeoutMs?: number;
  /** Shortest time between two fetches, in milliseconds, whatever key ids arrive. Default 1 000. */
  coolDownMs?: number;
  /** After failed fetches the wait doubles from the cool-down up to this, in milliseconds. Default 10 000. */
  maxBackOffMs?: number;
  /** Told of every failed fetch, for the log. */
  onFetchFailed?: (error: unknown) => void;
}

export interface RemoteKeys extends KeySource {
  /** Fetches the keys unless they are there: for readiness. Rejects with an `AppError` `unavailable`. */
  load(): Promise<void>;
}

/**
 * An issuer's published keys. One fetch at a time; stale keys are used while newer ones are fetched; the last good
 * keys stay in use for as long as the issuer is away. (jose's remote set has no back-off, and refuses every valid
 * token once its cache is old and the issuer is down.)
 *
 * A key id that is not in the set causes a fetch, at most one per cool-down. A token that arrives within the
 * cool-down waits for its end: so a rotation refuses nobody, and a flood of invented ids costs one fetch.
 */
export function createRemoteKeys(options: RemoteKeysOptions): RemoteKeys {
  return new CachedRemoteKeys(options);
}

class CachedRemoteKeys implements RemoteKeys {
  readonly #options: Required<Omit<RemoteKeysOptions, 'onFetchFailed'>>;
  readonly #onFetchFailed: ((error: unknown) => void) | undefined;
  #current: { keys: LocalJWKSet; fetchedAt: number } | undefined;
  #refreshing: Promise<LocalJWKSet> | undefined;
  #notBefore = -Infinity;
  #failures = 0;

  constructor({ onFetchFailed, ...options }: RemoteKeysOptions) {
    this.#onFetchFailed = onFetchFailed;
    this.#options = {
      fetch: (url, init) => globalThis.fetch(url, init),
      freshMs: 300_000,
      fetchTimeoutMs: 3_000,
      coolDownMs: 1_000,
      maxBackOffMs: 10_000,
      ...options,
    };
  }

  async load(): Promise<void> {
    if (!this.#current) await this.#refresh();
  }

  async find(hint: KeyHint): Promise<CryptoKey> {
    const keys = this.#current?.keys ?? (await this.#refresh());
    this.#refreshIfStale();
    try {
      return await findLocalKey(keys, hint);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return findLocalKey(await this.#refresh(), hint);
    }
  }

  #refreshIfStale(): void {
    const { clock, freshMs } = this.#options;
    if (this.#current && clock.now() - this.#current.fetchedAt < freshMs) return;
    this.#refresh().catch(() => {
      // Reported where it failed; the keys at hand stay in use.
    });
  }

  /** The keys after a fetch that is not finished yet; fails at once while backing off after failures. */
  #refresh(): Promise<LocalJWKSet> {
    const waitMs = this.#notBefore - this.#options.clock.now();
    if (!this.#refreshing && this.#failures > 0 && waitMs > 0) return Promise.reject(unavailable(waitMs));
    this.#refreshing ??= this.#fetchAfter(waitMs).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #fetchAfter(waitMs: number): Promise<LocalJWKSet> {
    const { clock, coolDownMs, maxBackOffMs, fetchTimeoutMs: timeoutMs } = this.#options;
    if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    try {
      const keys = createLocalJWKSet(await fetchJwks({ ...this.#options, timeoutMs }));
      this.#failures = 0;
      this.#notBefore = clock.now() + coolDownMs;
      this.#current = { keys, fetchedAt: clock.now() };
      return keys;
    } catch (error) {
      const backOffMs = Math.min(coolDownMs * 2 ** this.#failures, maxBackOffMs);
      this.#failures += 1;
      this.#notBefore = clock.now() + backOffMs;
      this.#onFetchFailed?.(error);
      throw unavailable(backOffMs, error);
    }
  }
}

function unavailable(retryAfterMs: number, cause?: unknown): AppError {
  return new AppError('unavailable', 'Sign-in cannot be checked at the moment.', {
    retryAfterMs: Math.ceil(retryAfterMs),
    cause,
  });
}
