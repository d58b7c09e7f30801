import { createHmac } from 'node:crypto';
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
  [
    'the algorithm none',
    async (target) => `Bearer ${withHeader(await target.token(), { alg: 'none', typ: 'at+jwt' })}.`,
  ],
  [
    'the algorithm None',
    async (target) => `Bearer ${withHeader(await target.token(), { alg: 'NoNe', typ: 'at+jwt' })}.`,
  ],
  [
    'HS256 with the public key',
    async (target) => {
      const unsigned = withHeader(await target.token(), { alg: 'HS256', typ: 'at+jwt', kid: 'test-1' });
      return `Bearer ${unsigned}.${createHmac('sha256', 'public key').update(unsigned).digest('base64url')}`;
    },
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

function withHeader(token: string, header: object): string {
  return `${encode(header)}.${token.split('.')[1] ?? ''}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
