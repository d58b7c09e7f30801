import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { createTestIssuer, type TestProvider } from '@bff/auth/testing';

type Claims = Record<string, unknown>;
export type MakeIdToken = (
  claims: Claims,
  provider: TestProvider,
  clientSecret: string,
) => Promise<string> | string;

/** ID tokens that look right to a careless client, from the claims of the right one. */
export const wrongIdTokens: readonly [name: string, make: MakeIdToken][] = [
  ['none as its algorithm', (claims) => unsigned({ alg: 'none', typ: 'JWT' }, claims)],
  ['None as its algorithm', (claims) => unsigned({ alg: 'NoNe', typ: 'JWT' }, claims)],
  ['no signature', async (claims, provider) => (await rightIdToken(claims, provider)).replace(/[^.]*$/, '')],
  ['HS256 with the public key', (claims, { jwks }) => hmac(claims, pemOf(jwks.keys[0]))],
  ['HS256 with the public key as JSON', (claims, { jwks }) => hmac(claims, JSON.stringify(jwks.keys[0]))],
  ['HS256 with the client secret', (claims, _provider, secret) => hmac(claims, secret)],
  [
    'a key of its own in the header',
    (claims, provider) => foreign(claims, provider, { jwk: createTestIssuer().jwks.keys[0] }),
  ],
  [
    'a key set of its own in the header',
    (claims, provider) => foreign(claims, provider, { jku: 'https://evil.example/jwks' }),
  ],
  ['a key that nobody has', (claims, provider) => foreign(claims, provider, { kid: 'evil' })],
  ['a foreign signature', (claims, provider) => foreign(claims, provider, {})],
  [
    'an unknown critical member',
    (claims, provider) => rightIdToken(claims, provider, { crit: ['evil'], evil: true }),
  ],
  ['another nonce', (claims, provider) => rightIdToken({ ...claims, nonce: 'x' }, provider)],
  ['no nonce', (claims, provider) => rightIdToken({ ...claims, nonce: undefined }, provider)],
  ['another audience', (claims, provider) => rightIdToken({ ...claims, aud: 'mobile' }, provider)],
  [
    'an audience more, and no party',
    (claims, provider) => rightIdToken({ ...claims, aud: ['web', 'evil'] }, provider),
  ],
  [
    'another issuer',
    (claims, provider) => rightIdToken({ ...claims, iss: 'https://evil.example' }, provider),
  ],
  ['an end in the past', (claims, provider) => rightIdToken({ ...claims, exp: 1 }, provider)],
  ['no end', (claims, provider) => rightIdToken({ ...claims, exp: undefined }, provider)],
  ['no subject', (claims, provider) => rightIdToken({ ...claims, sub: undefined }, provider)],
];

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function unsigned(header: object, claims: Claims): string {
  return `${part(header)}.${part(claims)}.`;
}

function pemOf(key: JsonWebKey = {}): string {
  return String(createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
}

function hmac(claims: Claims, secret: string): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function foreign(claims: Claims, { issuer }: TestProvider, header: object): Promise<string> {
  return createTestIssuer({ issuer }).token({ typ: 'JWT', claims, header: { ...header } });
}

/** Signed by the issuer: with the right claims it is the right one. */
export function rightIdToken(claims: Claims, provider: TestProvider, header: object = {}): Promise<string> {
  return provider.logoutToken({
    typ: 'JWT',
    header: { ...header },
    claims: { ...claims, events: undefined, jti: undefined },
  });
}
