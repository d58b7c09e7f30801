import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrder } from './testing/sample-order.ts';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
beforeAll(async () => {
  bff = await openTestBff();
});
afterAll(() => bff.close());

const detail = '/v1/orders/ord_0001';

/** As it comes over the wire: fetch would decode it, and ask for codings of its own. */
async function getRaw(path: string, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await bff.token()}`;
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request(bff.url + path, { headers: { authorization, ...headers }, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

describe('a complete answer', () => {
  it.each([detail, '/v1/orders', `${detail}?fields=orderId,total`])(
    'has a strong tag, and a client that has %s gets 304 without a byte of body',
    async (path) => {
      const first = await getRaw(path);
      const tag = first.headers.etag!;
      expect(tag).toMatch(/^"[\w-]{27}"$/);
      const again = await getRaw(path, { 'if-none-match': tag });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, tag]);
      expect(again.headers).toMatchObject({
        'cache-control': 'private, no-cache',
        vary: 'Authorization, Cookie, Accept-Encoding',
      });
      expect(again.headers).not.toHaveProperty('content-type');
      expect(again.headers).not.toHaveProperty('content-length');
    },
  );

  it.each([
    ['a list with it', (tag: string) => `"other", ${tag}`, 304],
    ['the weak form, which GET compares alike', (tag: string) => `W/${tag}`, 304],
    ['anything', () => '*', 304],
    ['another tag', () => '"AAAAAAAAAAAAAAAAAAAAAAAAAAA"', 200],
    ['no tag at all', () => 'nonsense', 200],
    ['a tag without quotes', (tag: string) => tag.slice(1, -1), 200],
  ])('is sent or not as the client names %s', async (_name, condition, status) => {
    const { headers } = await getRaw(detail);
    expect((await getRaw(detail, { 'if-none-match': condition(headers.etag!) })).status).toBe(status);
  });

  it('has another tag when a part of it has changed', async () => {
    const before = await getRaw(detail);
    const original = sampleOrder.status;
    try {
      sampleOrder.status = 'cancelled';
      const after = await getRaw(detail, { 'if-none-match': before.headers.etag! });
      expect(after.status).toBe(200);
      expect(after.headers.etag).not.toBe(before.headers.etag);
    } finally {
      sampleOrder.status = original;
    }
  });
});

describe('a partial answer', () => {
  it('has no tag and is never 304: a client must not be told that its complete one is still right', async () => {
    const { headers } = await getRaw(detail);
    bff.payments.behaviour = 'fails';
    try {
      const partial = await getRaw(detail, { 'if-none-match': `*, ${headers.etag!}` });
      expect(partial.status).toBe(200);
      expect(partial.headers).toMatchObject({ 'cache-control': 'no-store', 'x-completed': 'false' });
      expect(partial.headers).not.toHaveProperty('etag');
    } finally {
      bff.payments.behaviour = 'answers';
    }
  });
});

describe('compression', () => {
  it.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip;q=0.5, br;q=0.1', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
  ])('of %s is %s, has a tag of its own, and says the same', async (accepted, coding, decode) => {
    const plain = await getRaw(detail);
    const coded = await getRaw(detail, { 'accept-encoding': accepted });
    expect(coded.headers['content-encoding']).toBe(coding);
    expect(decode(coded.body)).toEqual(plain.body);
    expect(coded.body.length).toBeLessThan(plain.body.length * 0.6);
    const tag = coded.headers.etag!;
    expect(tag).toBe(plain.headers.etag!.replace(/"$/, `-${coding}"`));
    const again = await getRaw(detail, { 'accept-encoding': accepted, 'if-none-match': tag });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, tag]);
    expect(again.headers).not.toHaveProperty('content-encoding');
  });

  it('is left alone when the client wants none, or the answer is short', async () => {
    expect((await getRaw(detail, { 'accept-encoding': 'identity' })).headers).not.toHaveProperty(
      'content-encoding',
    );
    const short = await getRaw(`${detail}?fields=status`, { 'accept-encoding': 'br' });
    expect(short.headers).not.toHaveProperty('content-encoding');
    expect(short.headers.vary).toContain('Accept-Encoding');
  });

  it('does not answer with a coding that the client no longer takes', async () => {
    const coded = await getRaw(detail, { 'accept-encoding': 'br' });
    const again = await getRaw(detail, { 'accept-encoding': 'gzip', 'if-none-match': coded.headers.etag! });
    expect([again.status, again.headers['content-encoding']]).toEqual([200, 'gzip']);
  });
});
