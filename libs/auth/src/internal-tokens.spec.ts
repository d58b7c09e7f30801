import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, type Principal } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generateInternalKey } from './internal-keys.ts';
import { createInternalTokenMinter, type InternalTokenMinter } from './internal-token-minter.ts';
import { createInternalTokenVerifier } from './internal-token-verifier.ts';
import { createStaticKeys } from './static-keys.ts';
import { createTestInternalKeys, createTestIssuer, type TestInternalKeys } from './testing/index.ts';

const sam: Principal = { subject: 'sam', client: 'web', scopes: ['orders:read'], roles: ['support'] };
const audience = 'order-service';

let clock: ManualClock;
let internal: TestInternalKeys;
let minter: InternalTokenMinter;

function minterWith(overrides: { lifetimeSeconds?: number; cacheSize?: number } = {}) {
  return createInternalTokenMinter({
    signingKey: internal.privateJwk,
    caller: 'web-bff',
    clock,
    ...overrides,
  });
}

function verify(token: string, forAudience = audience) {
  return createInternalTokenVerifier({ keys: internal.keys, audience: forAudience, clock }).verify(token);
}

beforeEach(() => {
  clock = createManualClock();
  internal = createTestInternalKeys({ clock });
  minter = minterWith();
});

describe('an internal token', () => {
  it('carries the principal to the service', async () => {
    expect(await verify(await minter.mint(sam, audience))).toEqual(sam);
  });

  it('says who called, for whom, for at most a minute', async () => {
    const token = await minter.mint(sam, audience);
    const now = clock.date().getTime() / 1_000;
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'internal+jwt', kid: 'internal-1' });
    expect(decodeJwt(token)).toEqual({
      iss: 'bff-internal',
      sub: 'sam',
      aud: audience,
      iat: now,
      exp: now + 60,
      client_id: 'web',
      scope: 'orders:read',
      roles: ['support'],
      act: { sub: 'web-bff' },
    });
  });

  it('is signed with a new key from the next mint on, while the old one’s tokens are still good', async () => {
    const before = await minter.mint(sam, audience);
    const next = await generateInternalKey();
    // Published before use: services that were told early know both.
    const keys = createStaticKeys({ keys: [...internal.jwks.keys, next.publicJwk] });
    const check = (token: string) => createInternalTokenVerifier({ keys, audience, clock }).verify(token);
    minter.replaceKey(next.privateJwk);
    await clock.advance(30_000);
    const after = await minter.mint(sam, audience);
    expect(decodeProtectedHeader(after).kid).toBe(next.publicJwk.kid);
    expect([await check(before), await check(after)]).toEqual([sam, sam]);
    keys.replace({ keys: [next.publicJwk] });
    await expect(check(before)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await check(after)).toEqual(sam);
  });

  it('is refused by another service', async () => {
    const token = await minter.mint(sam, audience);
    await expect(verify(token, 'payment-service')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused after its minute', async () => {
    const token = await minter.mint(sam, audience);
    await clock.advance(66_000);
    await expect(verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('of another key is refused', async () => {
    const token = await createTestInternalKeys({ clock }).token(audience);
    await expect(verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a service', () => {
  it.each([
    ['lives longer than a minute', { expiresIn: 61 }],
    ['is an access token', { typ: 'at+jwt' }],
    ['does not say who called', { claims: { act: undefined } }],
    ['comes from another issuer', { issuer: 'http://issuer.test' }],
  ])('refuses a rightly signed token that %s', async (_circumstance, wrong) => {
    const issuer = createTestIssuer({ issuer: 'bff-internal', audience, clock });
    const verifier = createInternalTokenVerifier({ keys: issuer.keys, audience, clock });
    const right = { typ: 'internal+jwt', expiresIn: 60, claims: { act: { sub: 'web-bff' } } };
    await expect(verifier.verify(await issuer.token(right))).resolves.toMatchObject({ subject: 'alice' });
    const error: unknown = await verifier
      .verify(await issuer.token({ ...right, ...wrong }))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('minting', () => {
  it('reuses a token for the same principal and audience, also of another object', async () => {
    const first = await minter.mint(sam, audience);
    await clock.advance(29_000);
    expect(await minter.mint({ ...sam }, audience)).toBe(first);
  });

  it('renews at half its life', async () => {
    const first = await minter.mint(sam, audience);
    await clock.advance(30_000);
    const second = await minter.mint(sam, audience);
    expect(second).not.toBe(first);
    expect(decodeJwt(second).exp).toBe(clock.date().getTime() / 1_000 + 60);
  });

  it('signs once for calls at the same time', async () => {
    const [a, b] = await Promise.all([minter.mint(sam, audience), minter.mint(sam, audience)]);
    expect(a).toBe(b);
  });

  it.each<[string, Partial<Principal>]>([
    ['subject', { subject: 'alice' }],
    ['client', { client: 'mobile' }],
    ['scopes', { scopes: ['orders:read', 'orders:write'] }],
    ['roles', { roles: [] }],
  ])('never gives one principal the token of another that differs in %s', async (_difference, other) => {
    await minter.mint(sam, audience);
    expect(await verify(await minter.mint({ ...sam, ...other }, audience))).toEqual({ ...sam, ...other });
  });

  it('keeps scopes apart from roles and from each other’s separators', async () => {
    const tricky = { ...sam, scopes: ['a","b'], roles: [] };
    const plain = { ...sam, scopes: ['a', 'b'], roles: [] };
    expect(await minter.mint(tricky, audience)).not.toBe(await minter.mint(plain, audience));
  });

  it('remembers a bounded number of tokens', async () => {
    const small = minterWith({ cacheSize: 1 });
    const first = await small.mint(sam, audience);
    await small.mint(sam, 'payment-service');
    expect(await small.mint(sam, audience)).not.toBe(first);
  });

  it.each([0, -1, 61, Number.NaN])('refuses a lifetime of %s s', (lifetimeSeconds) => {
    expect(() => minterWith({ lifetimeSeconds })).toThrow(/lifetimeSeconds must lie between 1 and 60/);
  });
});
