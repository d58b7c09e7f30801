import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBff } from './testing/open-test-bff.ts';
import { startRealServices } from './testing/real-services.ts';
import { sampleCheckout } from './testing/sample-checkout.ts';

const run = promisify(execFile);

let services: Awaited<ReturnType<typeof startRealServices>>;
let bff: Awaited<ReturnType<typeof openBff>>;

// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  bff = await openBff({ ...services.environment, EVENTS_LIFE_MS: '400' });
}, 30_000);
afterAll(async () => {
  await bff.close();
  await services.close();
});

/** What the real curl gets: status, headers, the body as it came. */
async function curl(path: string, ...options: string[]) {
  const token = await bff.token();
  const { stdout } = await run(
    'curl',
    ['-sS', '-i', '--max-time', '10', '-H', `Authorization: Bearer ${token}`, ...options, bff.url + path],
    { encoding: 'buffer' },
  );
  const end = stdout.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = stdout.subarray(0, end).toString().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: stdout.subarray(end + 4) };
}

const detail = '/v1/orders/ord_0001';

describe('curl', () => {
  it('with If-None-Match gets 304 and no byte of body', async () => {
    const first = await curl(detail);
    expect([first.status, first.body.length > 1_000]).toEqual([200, true]);
    const again = await curl(detail, '-H', `If-None-Match: ${first.headers['etag']!}`);
    expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, first.headers['etag']]);
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('with Accept-Encoding: %s gets fewer bytes that say the same', async (coding, decode) => {
    const plain = await curl(detail, '-H', 'Accept-Encoding: identity');
    const coded = await curl(detail, '-H', `Accept-Encoding: ${coding}`);
    expect(coded.headers['content-encoding']).toBe(coding);
    // With `--raw` curl would leave the chunks in; without it, they are taken apart and the coding stays.
    expect(decode(coded.body)).toEqual(plain.body);
    process.stdout.write(`order page: ${plain.body.length} bytes, ${coding} ${coded.body.length}\n`);
  });

  it('with Last-Event-ID resumes an order’s events after that one', async () => {
    const json = ['-H', 'Content-Type: application/json', '-H', 'Idempotency-Key: curl'];
    const placed = await curl('/v1/checkouts', ...json, '-d', JSON.stringify(sampleCheckout));
    const { orderId, shipment } = JSON.parse(placed.body.toString());
    const events = `/v1/orders/${orderId}/events`;
    const first = await curl(events, '-N');
    const id = /^id: (.+)$/m.exec(first.body.toString())![1]!;
    for (const [index, step] of ['in_transit', 'out_for_delivery'].entries()) {
      await services.advance(shipment.shipmentId, step, `place ${index}`);
    }
    const resumed = await curl(events, '-N', '-H', `Last-Event-ID: ${id}`);
    expect(resumed.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
    });
    const steps = [...resumed.body.toString().matchAll(/^data: (.+)$/gm)].map(
      ([, data]) => JSON.parse(data!).order.shipment.status,
    );
    expect(steps).toEqual(['in_transit', 'out_for_delivery']);
  });
});
