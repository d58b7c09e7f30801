import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import type { KeySource } from './key-source.ts';
import { createStaticKeys } from './static-keys.ts';
import {
  createTestIssuer,
  createTestKeyPair,
  type TestIssuer,
  type TestTokenOptions,
} from './testing/index.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

let clock: ManualClock;
let issuer: TestIssuer;
let verifier: TokenVerifier;

function verifierWith(keys: KeySource, overrides: { cacheSize?: number } = {}): TokenVerifier {
  return createTokenVerifier({ issuer: issuer.issuer, audience: issuer.audience, keys, clock, ...overrides });
}

/** Counts how often the keys are asked for: once for every signature that is checked. */
function countingKeys(keys: KeySource) {
  const counter = {
    finds: 0,
    find: (hint: Parameters<KeySource['find']>[0]) => (counter.finds++, keys.find(hint)),
  };
  return counter;
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error;
}

beforeEach(() => {
  clock = createManualClock();
  issuer = createTestIssuer({ clock });
  verifier = verifierWith(issuer.keys);
});

describe('a valid token', () => {
  it('becomes a principal', async () => {
    const token = await issuer.token({
      sub: 'sam',
      client: 'web',
      scope: 'openid orders:read',
      roles: ['support'],
    });
    expect(await verifier.verify(token)).toEqual({
      subject: 'sam',
      client: 'web',
      scopes: ['openid', 'orders:read'],
      roles: ['support'],
    });
  });

  it.each([
    ['no scope', { scope: undefined }, { scopes: [] }],
    ['a scope that is no string', { scope: ['a'] }, { scopes: [] }],
    ['no roles', { roles: undefined }, { roles: [] }],
    ['roles that are no list', { roles: 'support' }, { roles: [] }],
    ['roles that are not all strings', { roles: ['support', 1] }, { roles: [] }],
  ])('with %s grants none', async (_circumstance, claims, expected) => {
    expect(await verifier.verify(await issuer.token({ claims }))).toMatchObject(expected);
  });

  it('may name several audiences, ours among them', async () => {
    const token = await issuer.token({ claims: { aud: ['urn:other', issuer.audience] } });
    await expect(verifier.verify(token)).resolves.toMatchObject({ subject: 'alice' });
  });

  it('gives a principal that no request can change for another', async () => {
    const principal = await verifier.verify(await issuer.token());
    expect(() => (principal.roles as string[]).push('support')).toThrow(TypeError);
    expect(() => ((principal as { subject: string }).subject = 'sam')).toThrow(TypeError);
  });
});

describe('a wrong token is refused without a reason', () => {
  const stranger = createTestKeyPair();
  const wrong: [string, TestTokenOptions][] = [
    ['expired', { expiresIn: -6 }],
    ['not valid yet', { claims: { nbf: 4_000_000_000 } }],
    ['issued in the future', { claims: { iat: 4_000_000_000, exp: 4_000_000_900 } }],
    ['without exp', { claims: { exp: undefined } }],
    ['with an exp that is no number', { claims: { exp: '4000000000' } }],
    ['without iat', { claims: { iat: undefined } }],
    ['without sub', { claims: { sub: undefined } }],
    ['with an empty sub', { claims: { sub: '' } }],
    ['with a sub that is no string', { claims: { sub: { $ne: '' } } }],
    ['without client_id', { claims: { client_id: undefined } }],
    ['without aud', { claims: { aud: undefined } }],
    ['for another audience', { audience: 'urn:bff:other' }],
    ['of another issuer', { issuer: 'http://elsewhere.test' }],
    ['an ID token', { typ: 'JWT' }],
    ['without typ', { header: { typ: undefined } }],
    ['an internal token', { typ: 'internal+jwt' }],
    ['signed by a stranger', { key: stranger.privateKey }],
    [
      'signed by a stranger whose key it carries',
      { key: stranger.privateKey, header: { jwk: stranger.publicKey.export({ format: 'jwk' }) } },
    ],
    ['with an unknown kid', { header: { kid: 'another' } }],
    ['with a kid that is no string', { header: { kid: { a: 1 } } }],
  ];

  it.each(wrong)('%s', async (_circumstance, options) => {
    const error = await refusal(verifier.verify(await issuer.token(options)));
    expect(error.code).toBe('unauthenticated');
    expect(error.message).toBe('The access token is not valid or has expired.');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it.each([
    [
      'unsigned',
      (token: string) => replaceHeader(token, { alg: 'none', typ: 'at+jwt' }).replace(/[^.]*$/, ''),
    ],
    ['claiming to be unsigned', (token: string) => replaceHeader(token, { alg: 'none', typ: 'at+jwt' })],
    [
      'with another algorithm named',
      (token: string) => replaceHeader(token, { alg: 'RS256', typ: 'at+jwt', kid: 'test-1' }),
    ],
    [
      'with an unknown crit',
      (token: string) =>
        replaceHeader(token, { alg: 'ES256', typ: 'at+jwt', kid: 'test-1', crit: ['x'], x: 1 }),
    ],
    ['with its claims changed', (token: string) => replacePart(token, 1, { sub: 'sam' })],
    ['with its signature cut', (token: string) => token.slice(0, -4)],
    ['longer than 8 KB', (token: string) => token + 'a'.repeat(8_192)],
    ['empty', () => ''],
    ['of two parts', (token: string) => token.split('.').slice(0, 2).join('.')],
    ['of five parts', (token: string) => `${token}.a.b`],
    ['with a line break', (token: string) => `${token}\n`],
    ['no string at all', () => ({ length: 3 }) as unknown as string],
    ['undefined', () => undefined as unknown as string],
  ])('%s', async (_circumstance, spoil) => {
    const error = await refusal(verifier.verify(spoil(await issuer.token())));
    expect(error.code).toBe('unauthenticated');
  });

  it('signed with the public key as a shared secret', async () => {
    const [jwk] = issuer.jwks.keys;
    const secret = createSecretKey(Buffer.from(JSON.stringify(jwk)));
    const error = await refusal(
      verifier.verify(await issuer.token({ key: secret, header: { alg: 'HS256' } })),
    );
    expect(error.code).toBe('unauthenticated');
  });

  it('before any key is asked for, when it is not a token by its looks', async () => {
    const keys = countingKeys(issuer.keys);
    for (const odd of ['', 'a.b', 'x'.repeat(9_000), '../..', 'é.é.é'])
      await refusal(verifierWith(keys).verify(odd));
    expect(keys.finds).toBe(0);
  });
});

describe('keys that cannot be had', () => {
  it('say unavailable, which is not the token’s fault', async () => {
    const down = new AppError('unavailable', 'down', { retryAfterMs: 500 });
    const error = await refusal(
      verifierWith({ find: () => Promise.reject(down) }).verify(await issuer.token()),
    );
    expect(error).toBe(down);
  });
});

describe('the memory of verified tokens', () => {
  it('checks a signature once while the token lives, then refuses it', async () => {
    const keys = countingKeys(issuer.keys);
    const cached = verifierWith(keys);
    const token = await issuer.token({ expiresIn: 60 });
    const first = await cached.verify(token);
    await clock.advance(64_000);
    expect(await cached.verify(token)).toBe(first);
    expect(keys.finds).toBe(1);
    await clock.advance(2_000);
    expect((await refusal(cached.verify(token))).code).toBe('unauthenticated');
  });

  it('does not remember what was refused', async () => {
    const keys = countingKeys(issuer.keys);
    const cached = verifierWith(keys);
    const token = await issuer.token({ audience: 'urn:other' });
    await refusal(cached.verify(token));
    await refusal(cached.verify(token));
    expect(keys.finds).toBe(2);
  });

  it('keeps the tokens used last, up to its size', async () => {
    const keys = countingKeys(issuer.keys);
    const cached = verifierWith(keys, { cacheSize: 2 });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((sub) => issuer.token({ sub })));
    for (const token of [a, b, a, c]) await cached.verify(token ?? '');
    expect(keys.finds).toBe(3);
    await cached.verify(a ?? '');
    expect(keys.finds).toBe(3);
    await cached.verify(b ?? '');
    expect(keys.finds).toBe(4);
  });
});

describe('keys of other kinds', () => {
  it('RS256 is accepted', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'rsa-1' };
    const token = await issuer.token({ key: rsa.privateKey, header: { alg: 'RS256', kid: 'rsa-1' } });
    const rsaVerifier = verifierWith(createStaticKeys({ keys: [jwk, ...issuer.jwks.keys] }));
    await expect(rsaVerifier.verify(token)).resolves.toMatchObject({ subject: 'alice' });
  });
});

function replaceHeader(token: string, header: object): string {
  return replacePart(token, 0, header, true);
}

function replacePart(token: string, index: number, members: object, whole = false): string {
  const parts = token.split('.');
  const old = JSON.parse(Buffer.from(parts[index] ?? '', 'base64url').toString()) as object;
  parts[index] = Buffer.from(JSON.stringify(whole ? members : { ...old, ...members })).toString('base64url');
  return parts.join('.');
}
