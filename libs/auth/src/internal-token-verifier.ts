import { createPrincipalVerifier, defaultCacheSize, defaultClockToleranceSeconds } from './token-verifier.ts';
import type { TokenVerifier, TokenVerifierOptions } from './token-verifier.ts';

/** `typ` of the tokens that a BFF or gateway shows to a service. */
export const internalTokenType = 'internal+jwt';
export const internalTokenAlgorithm = 'ES256';
export const defaultInternalIssuer = 'bff-internal';
/** The longest life that a service accepts, in seconds: a stolen internal token is worth a minute. */
export const maxInternalLifetimeSeconds = 60;

export interface InternalTokenVerifierOptions extends Omit<TokenVerifierOptions, 'issuer'> {
  /** Default `bff-internal`. */
  issuer?: string;
}

/** What a service uses: it trusts the internal public keys, for tokens made for it alone, and nothing else. */
export function createInternalTokenVerifier(options: InternalTokenVerifierOptions): TokenVerifier {
  return createPrincipalVerifier(
    {
      keys: options.keys,
      clock: options.clock,
      issuer: options.issuer ?? defaultInternalIssuer,
      audience: options.audience,
      typ: internalTokenType,
      algorithms: [internalTokenAlgorithm],
      requiredClaims: ['exp', 'sub', 'aud', 'iat', 'client_id', 'act'],
      clockToleranceSeconds: options.clockToleranceSeconds ?? defaultClockToleranceSeconds,
      maxLifetimeSeconds: maxInternalLifetimeSeconds,
    },
    options.cacheSize ?? defaultCacheSize,
  );
}
