import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startGrpcStandIn } from '../testing/grpc-stand-in.ts';
import { startHttpStandIn } from '../testing/http-stand-in.ts';
import { startNameServer } from '../testing/name-server.ts';
import { openUpstream, order, type Respond, type StandIn } from '../testing/stand-in.ts';
import { offerCalls } from './offer-calls.ts';

type Start = (respond: Respond, port: number, host: string) => Promise<StandIn>;
const protocols: readonly [string, Start][] = [
  ['http', startHttpStandIn],
  ['grpc', (respond, port, host) => startGrpcStandIn({ respond, port, host })],
];
const [first, second, third] = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;

const cleanUps: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Instances at three addresses and one port, behind a name that a real name server tells, at a hundred calls a second. */
async function openNamed(protocol: string, start: Start) {
  const served = new Map<string, number[]>();
  const open = new Map<string, Set<unknown>>();
  const at = (host: string) => async (seen: Parameters<Respond>[0]) => {
    served.set(host, [...(served.get(host) ?? []), performance.now()]);
    const sockets = open.get(host) ?? new Set();
    if (!sockets.has(seen.socket)) seen.socket.once('close', () => sockets.delete(seen.socket));
    open.set(host, sockets.add(seen.socket));
    await sleep(5);
    return order;
  };
  const one = await start(at(first), 0, first);
  const port = Number(new URL(one.url).port);
  const others = await Promise.all([second, third].map((host) => start(at(host), port, host)));
  const names = await startNameServer([first, second]);
  const { upstream, orders, attempts, events } = openUpstream(`dns+${protocol}://orders.test:${port}`, {
    resolve: names.resolve,
    policy: {},
    healthChecks: true,
  });
  cleanUps.push(
    () => names.close(),
    ...[one, ...others].map((service) => () => service.close()),
    () => upstream.close(),
  );
  return {
    ...{ upstream, orders, attempts, events, names },
    hosts: () => upstream.endpoints().map(({ id }) => id.split(':')[0]),
    servedSince: (host: string, since: number) => (served.get(host) ?? []).filter((time) => time > since),
    connections: (host: string) => open.get(host)?.size ?? 0,
  };
}

describe.each(protocols)('a name, over %s', (protocol, start) => {
  it('L11: who appears serves within 2 s, who disappears is drained, and a bad answer changes nothing', async () => {
    const { upstream, orders, attempts, events, names, hosts, servedSince, connections } = await openNamed(
      protocol,
      start,
    );
    const offered = offerCalls(orders, {
      name: `names-${protocol}`,
      ratePerSecond: 100,
      durationMs: 11_000,
      timeoutMs: 2_000,
    });
    await sleep(1_000);
    const appearedAt = performance.now();
    names.answer = [first, second, third];
    await sleep(2_500);
    const servedAfterMs = (servedSince(third, appearedAt)[0] ?? Infinity) - appearedAt;

    const disappearedAt = performance.now();
    names.answer = [second, third];
    await sleep(2_500);
    const lastMs = (servedSince(first, disappearedAt).at(-1) ?? disappearedAt) - disappearedAt;
    expect(hosts()).toEqual([second, third]);
    expect(connections(first)).toBe(0);

    for (const answer of [[], 'no such name', 'silence'] as const) {
      names.answer = answer;
      const asked = names.asked;
      while (names.asked === asked) await sleep(20);
      await sleep(300);
      expect(hosts()).toEqual([second, third]);
    }
    const results = await offered;
    process.stdout.write(
      `L11 ${protocol}: serves ${Math.round(servedAfterMs)} ms after it appeared in the name server; the last call ${Math.round(lastMs)} ms after it disappeared; ${results.length} calls, ${results.filter(({ code }) => code !== 'ok').length} failed\n`,
    );
    expect(servedAfterMs).toBeLessThanOrEqual(2_000);
    expect(lastMs).toBeLessThanOrEqual(2_000);
    expect(results).toHaveLength(1_100);
    expect(results.filter(({ code }) => code !== 'ok')).toEqual([]);
    // Not even one that had to be made twice.
    expect(attempts.filter(({ code }) => code !== 'ok')).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'discovery_failed').length).toBeGreaterThanOrEqual(3);
    expect(events.filter(({ kind }) => kind === 'ejected')).toEqual([]);
    expect(upstream.endpoints().reduce((sum, { pending }) => sum + pending, 0)).toBe(0);
  }, 30_000);
});
