import {
  createInternalTokenMinter,
  createRemoteKeys,
  createTokenVerifier,
  parsePrivateJwk,
  readBearer,
  type PrivateJwk,
} from '@bff/auth';
import type { Principal } from '@bff/core';
import { z } from 'zod';
import type { ProcessKit } from './process-kit.ts';
import { optionalUrl, url } from './variables.ts';

const privateKey = z.string().transform((text, context): PrivateJwk => {
  try {
    return parsePrivateJwk(text);
  } catch (error) {
    context.issues.push({ code: 'custom', message: (error as Error).message, input: '[secret]' });
    return z.NEVER;
  }
});

/** What the gateway and every BFF need to know their clients and to vouch for them to the services. */
export const identityVariables = (defaults: { audience: string }) => ({
  ISSUER_URL: url('http://127.0.0.1:8090', 'The OpenID Connect issuer whose access tokens are accepted.'),
  ISSUER_JWKS_URL: optionalUrl('Where the issuer publishes its keys; `ISSUER_URL` + `/jwks` unless given.'),
  TOKEN_AUDIENCE: z
    .string()
    .default(defaults.audience)
    .describe('The audience that access tokens must be made for.'),
  INTERNAL_SIGNING_KEY: privateKey.describe(
    'Private key (JWK, ES256) that signs internal tokens; instances of one app share it. Best given as `INTERNAL_SIGNING_KEY_FILE`.',
  ),
});

export type IdentityConfiguration = z.output<z.ZodObject<ReturnType<typeof identityVariables>>>;

export interface ClientIdentity {
  /** The principal behind an `Authorization` value; throws `unauthenticated`, or `unavailable` without keys. */
  authenticate(authorization: string | readonly string[] | undefined): Promise<Principal>;
  /** A short-lived token by which `principal` is vouched for to the service `audience`. */
  internalToken(principal: Principal, audience: string): Promise<string>;
}

export function createClientIdentity(configuration: IdentityConfiguration, kit: ProcessKit): ClientIdentity {
  const { clock, logger } = kit;
  const issuer = configuration.ISSUER_URL;
  const keys = createRemoteKeys({
    url: configuration.ISSUER_JWKS_URL ?? `${issuer.replace(/\/$/, '')}/jwks`,
    clock,
    onFetchFailed: (error) => {
      logger.warn({ err: error as Error }, 'the issuer’s keys could not be fetched');
    },
  });
  const verifier = createTokenVerifier({ issuer, audience: configuration.TOKEN_AUDIENCE, keys, clock });
  const minter = createInternalTokenMinter({
    signingKey: configuration.INTERNAL_SIGNING_KEY,
    caller: kit.name,
    clock,
  });
  kit.followVariable('INTERNAL_SIGNING_KEY', (text) => {
    minter.replaceKey(parsePrivateJwk(text));
  });
  return {
    authenticate: async (authorization) => verifier.verify(readBearer(authorization)),
    internalToken: (principal, audience) => minter.mint(principal, audience),
  };
}
