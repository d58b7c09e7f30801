import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { createTestKeyPair } from '@bff/auth/testing';
import type { Target } from '../world/target.ts';

/** Credentials that look right to a careless verifier; each returns the `Authorization` value, undefined for none. */
export const wrongTokens: readonly [name: string, make: (target: Target) => Promise<string | undefined>][] = [
  ['no token', async () => undefined],
  ['no scheme', (target) => target.token()],
  ['another scheme', async (target) => `Basic ${await target.token()}`],
  ['a scheme and nothing', async () => 'Bearer'],
  ['no token at all', async () => 'Bearer null'],
  [
    'two tokens in one header',
    async (target) => `Bearer ${await target.token()}, Bearer ${await target.token()}`,
  ],
  ['a token that has expired', bearer({ expiresIn: -120 })],
  ['a token without an end', bearer({ claims: { exp: undefined } })],
  ['a token without a subject', bearer({ claims: { sub: undefined } })],
  ['a token without an audience', bearer({ claims: { aud: undefined } })],
  ['a token for another audience', bearer({ audience: 'urn:bff:evil' })],
  ['a token of another issuer', bearer({ issuer: 'https://evil.example' })],
  ['a token that is not valid yet', bearer({ claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } })],
  ['an ID token', bearer({ typ: 'JWT' })],
  ['a token without a type', bearer({ header: { typ: undefined } })],
  ['a forgery', async (target) => `Bearer ${await target.token({ key: createTestKeyPair().privateKey })}`],
  ['an unknown critical member', bearer({ header: { crit: ['evil'], evil: true } })],
  ['an unknown kid', bearer({ header: { kid: 'evil' } })],
  ['a kid that is a path', bearer({ header: { kid: '../../../../dev/null' } })],
  ['a kid that is a query', bearer({ header: { kid: "x' UNION SELECT 'mallory" } })],
  [
    'a key inside the token',
    async (target) => {
      const { publicKey, privateKey } = createTestKeyPair();
      return `Bearer ${await target.token({ key: privateKey, header: { kid: undefined, jwk: publicKey.export({ format: 'jwk' }) } })}`;
    },
  ],
  [
    'a key from elsewhere',
    async (target) =>
      `Bearer ${await target.token({ key: createTestKeyPair().privateKey, header: { jku: 'https://evil.example/jwks' } })}`,
  ],
  [
    'a certificate inside the token',
    async (target) =>
      `Bearer ${await target.token({ key: createTestKeyPair().privateKey, header: { x5c: ['ZXZpbA=='] } })}`,
  ],
  ['no signature', async (target) => `Bearer ${(await target.token()).split('.').slice(0, 2).join('.')}.`],
  ['the algorithm none', async (target) => `Bearer ${withHeader(await target.token(), { alg: 'none' })}.`],
  ['the algorithm None', async (target) => `Bearer ${withHeader(await target.token(), { alg: 'NoNe' })}.`],
  [
    'HS256 with the public key',
    (target) => hs256(target, (key) => String(key.export({ type: 'spki', format: 'pem' }))),
  ],
  [
    'HS256 with the public key as JSON',
    (target) => hs256(target, (key) => JSON.stringify(key.export({ format: 'jwk' }))),
  ],
  [
    'claims that were changed',
    async (target) => {
      const [header = '', payload = '', signature = ''] = (await target.token()).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      return `Bearer ${header}.${encode({ ...claims, sub: 'mallory', roles: ['support'] })}.${signature}`;
    },
  ],
  [
    'one bit of the signature changed',
    async (target) => {
      const [header = '', payload = '', signature = ''] = (await target.token()).split('.');
      const bytes = Buffer.from(signature, 'base64url');
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      return `Bearer ${header}.${payload}.${bytes.toString('base64url')}`;
    },
  ],
  ['five parts', async (target) => `Bearer ${await target.token()}.evil.evil`],
  [
    'a token of 10 KB',
    async (target) => `Bearer ${await target.token({ claims: { filling: 'a'.repeat(7_000), exp: 1 } })}`,
  ],
  ['no JSON inside', async () => `Bearer ${Buffer.from('evil').toString('base64url')}.e30.e30`],
];

function bearer(options: Parameters<Target['token']>[0]): (target: Target) => Promise<string> {
  return async (target) => `Bearer ${await target.token(options)}`;
}

/** The same token, unsigned, with these members of its header changed. */
function withHeader(token: string, changes: object): string {
  const [header = '', payload = ''] = token.split('.');
  const right = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  return `${encode({ ...right, ...changes })}.${payload}`;
}

/** Signed with what everybody knows, for who takes the algorithm from the token and the key from the issuer. */
async function hs256(target: Target, secretOf: (key: KeyObject) => string): Promise<string> {
  const [jwk] = target.publicKeys ?? [];
  if (!jwk) throw new Error('This attack needs the public key of the issuer.');
  const unsigned = withHeader(await target.token(), { alg: 'HS256' });
  const secret = secretOf(createPublicKey({ key: jwk, format: 'jwk' }));
  return `Bearer ${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
