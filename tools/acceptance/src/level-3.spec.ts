import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { glance, query, get } from './testing/clients.ts';
import { insideNames } from './testing/inside-names.ts';
import { loadWhile, type LoadOptions } from './testing/light-load.ts';
import { readmeSamples, runSample } from './testing/readme-samples.ts';
import { startStack, type RunningStack } from './testing/running-stack.ts';

let stack: RunningStack;
let tokens: LoadOptions['tokens'];

beforeAll(async () => {
  // The load is one user's, and every process counts for itself.
  stack = await startStack(['--level', '3'], { RATE_LIMIT_PER_MINUTE: '1000000' });
  const [web = '', mobile = '', wearable = ''] = await Promise.all(
    ['web', 'mobile', 'wearable'].map((client) => stack.token('alice', client)),
  );
  tokens = { web, mobile, wearable };
}, 60_000);
afterAll(() => stack.remove());

describe('level 3', () => {
  it('serves every client at its usual address', async () => {
    const { entries } = stack.state()!;
    expect(entries).toEqual({
      web: [`http://127.0.0.1:${stack.portBase + 81}`],
      mobile: [`http://127.0.0.1:${stack.portBase + 82}`],
      wearable: [`127.0.0.1:${stack.portBase + 83}`],
    });
    const [rest, graphql, grpc] = await Promise.all([
      get(`${entries.web[0]!}/v1/orders/ord_0001`, tokens.web),
      query(entries.mobile[0]!, '{ order(id: "ord_0001") { status } }', tokens.mobile),
      glance(entries.wearable[0]!, 'ord_0001', tokens.wearable),
    ]);
    expect([rest.status, graphql.status, grpc.status]).toEqual([200, 200, 'OK']);
    for (const text of [rest.text, graphql.text, JSON.stringify([...rest.headers])]) {
      expect(text).not.toMatch(insideNames);
    }
  });

  it('answers the samples of the README as they are printed there', async () => {
    expect(readmeSamples(3).length).toBeGreaterThanOrEqual(1);
    for (const sample of readmeSamples(3)) {
      const { printed, expected } = await runSample(sample, stack);
      expect(`line ${sample.line}: ${printed}`).toBe(`line ${sample.line}: ${expected}`);
    }
  }, 30_000);

  it.each(['web-bff-1', 'mobile-bff-2', 'wearable-bff-1'])(
    'loses no read when %s is killed under load',
    async (name) => {
      const { sent, failures, slowestMs } = await loadWhile(stack, { tokens }, async () => {
        await stack.kill(name);
        await stack.untilStatus(name, 'ready');
      });
      process.stdout.write(`${name} killed: ${sent} reads, slowest ${Math.round(slowestMs)} ms\n`);
      expect(sent).toBeGreaterThan(10);
      expect(failures).toEqual([]);
    },
    30_000,
  );
});
