import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { generateInternalKey, parseJwks, parsePrivateJwk } from './internal-keys.ts';
import { createInternalTokenMinter } from './internal-token-minter.ts';
import { createInternalTokenVerifier } from './internal-token-verifier.ts';
import { createStaticKeys } from './static-keys.ts';

describe('a generated key', () => {
  it('survives the way through configuration and works', async () => {
    const { privateJwk, publicJwk } = await generateInternalKey();
    const signingKey = parsePrivateJwk(JSON.stringify(privateJwk));
    const keys = createStaticKeys(parseJwks(JSON.stringify({ keys: [publicJwk] })));
    const minter = createInternalTokenMinter({ signingKey, caller: 'web-bff', clock: systemClock });
    const verifier = createInternalTokenVerifier({ keys, audience: 'order-service', clock: systemClock });
    const alice = { subject: 'alice', client: 'web', scopes: [], roles: [] };
    expect(await verifier.verify(await minter.mint(alice, 'order-service'))).toEqual(alice);
  });

  it('has an id of its own and a public half without the secret', async () => {
    const [a, b] = await Promise.all([generateInternalKey(), generateInternalKey()]);
    expect(a.publicJwk.kid).toBe(a.privateJwk.kid);
    expect(a.publicJwk.kid).not.toBe(b.publicJwk.kid);
    expect(a.publicJwk).not.toHaveProperty('d');
  });
});

describe('a key from configuration', () => {
  const good = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'very-secret', kid: 'k' };

  it.each([
    ['not JSON', '{"d":"very-secret', 'must be a private JSON Web Key, but is not JSON'],
    ['a list', '[]', 'must be a private JSON Web Key, a JSON object'],
    ['RSA', JSON.stringify({ ...good, kty: 'RSA' }), 'must be an EC key on P-256'],
    ['on another curve', JSON.stringify({ ...good, crv: 'P-384' }), 'must be an EC key on P-256'],
    ['half', JSON.stringify({ ...good, y: undefined }), 'lacks the public members'],
    ['public', JSON.stringify({ ...good, d: undefined }), 'is a public key (it lacks d)'],
    ['without an id', JSON.stringify({ ...good, kid: undefined }), 'lacks kid'],
  ])('that is %s gets a clear message without the secret', (_circumstance, json, message) => {
    expect(() => parsePrivateJwk(json)).toThrow(message);
    expect(() => parsePrivateJwk(json)).not.toThrow(/very-secret/);
  });
});

describe('a key set from configuration', () => {
  it.each([
    ['not JSON', 'x', 'must be a JSON Web Key Set, but is not JSON'],
    ['a single key', '{"kty":"EC"}', 'must be a JSON Web Key Set with at least one key'],
    ['empty', '{"keys":[]}', 'with at least one key'],
    ['of something else', '{"keys":[1]}', 'keys[0] must be a JSON object'],
    ['symmetric', '{"keys":[{"kty":"oct","k":"a","kid":"k"}]}', 'keys[0].kty must be EC or RSA'],
    ['private', '{"keys":[{"kty":"EC","kid":"k","d":"a"}]}', 'keys[0] is a private key'],
    ['without ids', '{"keys":[{"kty":"EC"}]}', 'keys[0] lacks kid'],
  ])('that is %s gets a clear message', (_circumstance, json, message) => {
    expect(() => parseJwks(json)).toThrow(message);
  });
});
