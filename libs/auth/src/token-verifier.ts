import { hash } from 'node:crypto';
import type { Clock, Principal } from '@bff/core';
import { createBoundedCache } from './bounded-cache.ts';
import type { KeySource } from './key-source.ts';
import { toPrincipal } from './principal-claims.ts';
import { readSignedClaims, type TokenRules } from './signed-claims.ts';

export interface TokenVerifier {
  /**
   * Who the token stands for. Rejects with an `AppError`: `unauthenticated` (the reason is in `cause`
   * only), or `unavailable` with `retryAfterMs` when the issuer's keys cannot be had.
   */
  verify(token: string): Promise<Principal>;
}

export interface TokenVerifierOptions {
  issuer: string;
  /** This service's own identifier; tokens for anybody else are refused. */
  audience: string;
  keys: KeySource;
  clock: Clock;
  /** Seconds by which the issuer's clock may differ from ours. Default 5. */
  clockToleranceSeconds?: number;
  /** How many verified tokens are remembered. Default 10 000; 0 remembers none. */
  cacheSize?: number;
}

export const defaultClockToleranceSeconds = 5;
export const defaultCacheSize = 10_000;

/** Verifies OAuth access tokens in the JWT profile of RFC 9068. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  return createPrincipalVerifier(
    {
      keys: options.keys,
      clock: options.clock,
      issuer: options.issuer,
      audience: options.audience,
      typ: 'at+jwt',
      algorithms: ['ES256', 'RS256'],
      requiredClaims: ['exp', 'sub', 'aud', 'iat', 'client_id'],
      clockToleranceSeconds: options.clockToleranceSeconds ?? defaultClockToleranceSeconds,
      maxLifetimeSeconds: undefined,
    },
    options.cacheSize ?? defaultCacheSize,
  );
}

/**
 * A verifier of any signed token under `rules`. Verified tokens are remembered until they expire, by hash, so
 * that a dump of memory shows none; the signature is most of the cost. The price: a token that has been
 * seen outlives the withdrawal of its signing key, by its own lifetime at most.
 */
export function createPrincipalVerifier(rules: TokenRules, cacheSize: number): TokenVerifier {
  const verified = createBoundedCache<{ principal: Principal; expiresAtMs: number }>(cacheSize);
  return {
    async verify(token) {
      const key = typeof token === 'string' ? hash('sha256', token, 'base64') : '';
      const known = verified.get(key);
      if (known) {
        if (rules.clock.date().getTime() < known.expiresAtMs) return known.principal;
        verified.delete(key);
      }
      const claims = await readSignedClaims(token, rules);
      const principal = toPrincipal(claims);
      verified.set(key, { principal, expiresAtMs: (claims.exp + rules.clockToleranceSeconds) * 1_000 });
      return principal;
    },
  };
}
