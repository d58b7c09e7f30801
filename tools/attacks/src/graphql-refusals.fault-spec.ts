import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documents } from './tables/graphql.ts';
import { openWorld, type World } from './world/open-world.ts';

const repeats = 60;
const probeEveryMs = 2;

/**
 * S8 of the security design: what refuses a document must not itself be what stops the server. Judged by processor time, which is
 * the same on a busy machine; what the clock says is printed.
 */
describe('mobile-bff in production mode', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(
      'mobile-bff',
      {},
      { preload: new URL('./testing/measure-requests.ts', import.meta.url) },
    );
  }, 30_000);
  afterAll(() => world.close());

  it('spends less than 5 ms on a document that asks for too much, and never 20 ms', async () => {
    const [target] = world.targets;
    if (!target) throw new Error('mobile-bff has no listener.');
    const costs = costsOfRequests(world);
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
    for (let warm = 0; warm < 30; warm++) for (const [, query] of documents) await refuse(query);
    await costs.take(30 * documents.length);

    const onTheClock: number[] = [];
    const spent: number[] = [];
    for (const [name, query] of documents) {
      for (let repeat = 0; repeat < repeats; repeat++) onTheClock.push(await refuse(query));
      const ofThis = await costs.take(repeats);
      print(name, ofThis);
      spent.push(...ofThis);
    }
    print('all, processor', spent);
    print('all, on the clock', onTheClock);
    const others = await probeWhile(new URL('/readyz', target.url), async () => {
      for (const [, query] of documents) await refuse(query);
    });
    print('other requests meanwhile, on the clock', others);
    expect(percentile(spent, 0.99)).toBeLessThan(5);
    // Nobody else waits for longer than one refusal has the thread.
    expect(Math.max(...spent)).toBeLessThan(20);
  }, 60_000);
});

/** The processor time of each request to GraphQL, in milliseconds, as the server's process tells it. */
function costsOfRequests(world: World) {
  const told: number[] = [];
  let wake = () => {};
  world.onMessage((message) => {
    const { type, path, milliseconds } = message as { type: string; path: string; milliseconds: number };
    if (type !== 'request-cost' || path !== '/graphql') return;
    told.push(milliseconds);
    wake();
  });
  return {
    async take(count: number): Promise<number[]> {
      while (told.length < count) await new Promise<void>((resolve) => void (wake = resolve));
      return told.splice(0, count);
    },
  };
}

function print(what: string, times: readonly number[]): void {
  const figure = (value: number) => `${value.toFixed(2)} ms`;
  process.stdout.write(
    `S8 ${what}: ${times.length}, p50 ${figure(percentile(times, 0.5))}, p99 ${figure(percentile(times, 0.99))}, longest ${figure(Math.max(...times))}\n`,
  );
}

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
