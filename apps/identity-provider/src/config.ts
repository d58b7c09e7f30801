import { parsePrivateJwks } from '@bff/auth';
import { developmentClients } from '@bff/auth/headless';
import { Secret } from '@bff/core';
import { baseVariables, count, flag, httpVariables, optionalUrl, stateVariables } from '@bff/server-kit';
import { z } from 'zod';

const redirectUri = z
  .string()
  .refine(
    (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    'must be http or https URLs, separated by commas',
  );

export const configuration = z.object({
  ...baseVariables({ port: 8090 }),
  ...httpVariables(),
  ISSUER_URL: optionalUrl('The issuer as its clients write it; `http://HOST:PORT` unless given.'),
  WEB_CLIENT_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .transform((value) => new Secret(value))
    .default(new Secret(developmentClients.web.clientSecret))
    .describe('Secret of the confidential client `web`; web-bff has the same.'),
  WEB_REDIRECT_URIS: z
    .string()
    .transform((value) => value.split(',').map((uri) => uri.trim()))
    .pipe(z.array(redirectUri).min(1))
    .default([developmentClients.web.redirectUri])
    .describe('Where client `web` may be sent after sign-in; a comma list.'),
  WEB_LOGOUT_URI: optionalUrl(
    'Where client `web` is told that a user has signed out; `/auth/backchannel-logout` beside its first redirect URI unless given.',
  ),
  SIGNING_KEY: z
    .string()
    .transform(parseSigningKeys)
    .optional()
    .describe(
      'Private JSON Web Key (EC P-256, with `kid`) that signs tokens and seals the state, or a set of them, of which the first signs and all are published: a key can be known before it is used, and after. A new one for each run unless given, and then nothing outlives the run.',
    ),
  ...stateVariables({ file: ':memory:' }),
  ACCESS_TOKEN_SECONDS: count(900, 'How long an access token is valid.'),
  ROTATE_REFRESH_TOKENS: flag(
    false,
    'Gives a new refresh token with every use to `web`, too, and ends the grant when one is used twice; public clients always have it so.',
  ),
});

export type Configuration = z.output<typeof configuration>;

function parseSigningKeys(json: string, context: z.RefinementCtx) {
  try {
    return parsePrivateJwks(json);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
}
