import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documents } from './tables/graphql.ts';
import { openWorld, type World } from './world/open-world.ts';

const repeats = 60;
const probeEveryMs = 2;

/** S8 of the security design: what refuses a document must not itself be what stops the server. */
describe('mobile-bff in production mode', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld('mobile-bff');
  }, 30_000);
  afterAll(() => world.close());

  it('refuses a document that asks for too much within 5 ms, and never stops for 20 ms', async () => {
    const [target] = world.targets;
    if (!target) throw new Error('mobile-bff has no listener.');
    const headers = {
      authorization: `Bearer ${await target.token()}`,
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
    };
    const url = new URL('/graphql', target.url);
    const refuse = async (query: string) => {
      const startedAt = performance.now();
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      await response.arrayBuffer();
      expect(response.status).toBe(400);
      return performance.now() - startedAt;
    };
    // The first of each is compiled, not refused.
    for (let warm = 0; warm < 20; warm++) for (const [, query] of documents) await refuse(query);

    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const [, query] of documents) times.push(await refuse(query));
    const p99 = percentile(times, 0.99);

    const stalls = await probeWhile(new URL('/readyz', target.url), async () => {
      for (const [, query] of documents) await refuse(query);
    });
    const stall = Math.max(...stalls);
    console.log(
      `S8: ${times.length} refusals, p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; ` +
        `slowest of ${stalls.length} other requests meanwhile ${stall.toFixed(1)} ms`,
    );
    expect(p99).toBeLessThan(5);
    expect(stall).toBeLessThan(20);
  }, 60_000);
});

/** How long other requests take while `work` goes on: whatever stops the server's event loop stops them. */
async function probeWhile(url: URL, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const over = new AbortController();
  const probing = (async () => {
    while (!over.signal.aborted) {
      const startedAt = performance.now();
      await (await fetch(url)).arrayBuffer();
      times.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, probeEveryMs));
    }
  })();
  await work();
  over.abort();
  await probing;
  return times;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
