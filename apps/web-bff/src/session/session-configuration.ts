import { developmentClients } from '@bff/auth/headless';
import { Secret } from '@bff/core';
import { count, flag, optionalUrl } from '@bff/server-kit';
import { z } from 'zod';

/** Known to everybody; refused in production. */
const developmentSessionKey = 'development-only-session-key-not-a-secret';
const shortestKey = 32;

const publicUrls = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (list) =>
      list.every(
        (each) => /^https?:$/.test(URL.parse(each)?.protocol ?? '') && URL.parse(each)?.origin === each,
      ),
    'must be origins separated by commas, https://shop.example, without a path',
  );

/** Several secrets, separated by commas or lines. */
export const sessionKeys = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
  .transform((keys) => keys.map((key) => new Secret(key)))
  .refine(
    (keys) => keys.length > 0 && keys.every((key) => key.reveal().length >= shortestKey),
    `must be secrets of at least ${shortestKey} characters, separated by commas`,
  );

/** Signing in at an OpenID Connect issuer, and the sessions of browsers. */
export const sessionVariables = () => ({
  PUBLIC_URL: publicUrls
    .default(['http://127.0.0.1:8081'])
    .describe(
      'Where browsers find this app; several separated by commas, the first where it is not clear. The issuer must know `…/auth/callback` of each.',
    ),
  ISSUER_INTERNAL_URL: optionalUrl(
    'Where this process reaches the issuer, when that is not `ISSUER_URL`, as browsers know it.',
  ),
  OIDC_CLIENT_ID: z.string().min(1).default('web').describe('This app’s name at the issuer.'),
  OIDC_CLIENT_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .transform((value) => new Secret(value))
    .default(new Secret(developmentClients.web.clientSecret))
    .describe('Its secret there; must be given in production.'),
  OIDC_SCOPE: z
    .string()
    .default('openid profile offline_access orders:read orders:write')
    .describe(
      'Scopes to ask for, separated by spaces; `offline_access` gives sessions that outlive their first access token.',
    ),
  SESSION_KEYS: sessionKeys
    .default([new Secret(developmentSessionKey)])
    .describe(
      'Secrets that seal sessions, separated by commas: the first seals, all open, so put a new one in front and drop the last a `SESSION_MAX_MINUTES` later. Read again when `SESSION_KEYS_FILE` changes. Must be given in production.',
    ),
  SESSION_IDLE_MINUTES: count(30, 'After so long without a request a session ends.'),
  SESSION_MAX_MINUTES: count(720, 'After so long a session ends however much it is used.'),
  SESSION_COOKIE_SECURE: flag(
    true,
    '`false` only for a browser that takes no secure cookies from http://127.0.0.1 (Safari); refused in production.',
  ),
});

export type SessionConfiguration = z.output<z.ZodObject<ReturnType<typeof sessionVariables>>>;

/** Why these settings must not be used in production; empty when they may. */
export function productionFaults(configuration: SessionConfiguration): string[] {
  const { OIDC_CLIENT_SECRET, SESSION_KEYS, SESSION_COOKIE_SECURE, PUBLIC_URL } = configuration;
  const faults: string[] = [];
  if (OIDC_CLIENT_SECRET.reveal() === developmentClients.web.clientSecret) {
    faults.push(
      'OIDC_CLIENT_SECRET: is missing or the one of development, which everybody knows; give the client’s own, best as OIDC_CLIENT_SECRET_FILE.',
    );
  }
  if (SESSION_KEYS.some((key) => key.reveal() === developmentSessionKey)) {
    faults.push(
      'SESSION_KEYS: is missing or the one of development, which everybody knows; give a secret (`openssl rand -base64 48`), best as SESSION_KEYS_FILE.',
    );
  }
  if (!SESSION_COOKIE_SECURE) {
    faults.push('SESSION_COOKIE_SECURE: is false, so that cookies would travel unencrypted; remove it.');
  }
  for (const each of PUBLIC_URL) {
    if (new URL(each).protocol === 'https:' || isLoopback(new URL(each).hostname)) continue;
    faults.push(
      `PUBLIC_URL: ${each} is not https, and browsers send no secure cookie there; serve it over TLS.`,
    );
  }
  return faults;
}

/** Browsers treat it as secure without TLS. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
