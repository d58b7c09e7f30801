import { describe, expect, it } from '@jest/globals';
import type { Change, Order } from '@bff/contracts';
import { SilentInstances } from './silent-instances.ts';
import { startGrpcStandIn } from './testing/grpc-stand-in.ts';
import { failureOf, openRequest, openUpstream, order, type SeenRequest } from './testing/stand-in.ts';
import { cleanUpAfterEach } from './testing/clean-up-after-each.ts';

const cleanUps = cleanUpAfterEach();

describe('SilentInstances', () => {
  const give = () => {
    const silent = new SilentInstances();
    let given = 0;
    return { silent, giveUp: () => given++, given: () => given };
  };

  it('ends what waits for an instance after three checks, once', () => {
    const { silent, giveUp, given } = give();
    silent.onceSilent('a', giveUp);
    silent.onceSilent('b', giveUp);
    expect([1, 2, 3, 4].map((checks) => silent.noAnswer('a', checks, true))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(given()).toBe(1);
  });

  it('is slower to give up the only instance that works', () => {
    const { silent, giveUp, given } = give();
    silent.onceSilent('a', giveUp);
    expect(silent.noAnswer('a', 11, false)).toBe(false);
    expect(silent.noAnswer('a', 12, false)).toBe(true);
    expect(given()).toBe(1);
  });

  it('does not end what has ended already', () => {
    const { silent, giveUp, given } = give();
    const stop = silent.onceSilent('a', giveUp);
    silent.onceSilent('a', giveUp);
    stop();
    stop();
    silent.noAnswer('a', 3, true);
    expect(given()).toBe(1);
  });
});

describe('a stream over gRPC', () => {
  const watch = async function* (seen: SeenRequest): AsyncGenerator<Change<Order>> {
    yield { revision: 1, value: order };
    await seen.cancelled;
  };
  async function openTwo(behaviour: (name: string) => typeof watch) {
    const [first, second] = await Promise.all(
      ['first', 'second'].map((name) => startGrpcStandIn({ watch: behaviour(name) })),
    );
    // Of equal instances the first.
    const opened = openUpstream(`${first!.url},${second!.url}`, {
      policy: { picker: 'round_robin' },
      healthChecks: true,
      random: () => 0,
    });
    const scope = openRequest(20_000);
    cleanUps.push(
      () => first!.close(),
      () => second!.close(),
      () => opened.upstream.close(),
      () => scope.close(),
    );
    await opened.upstream.firstHealthRound();
    const changes = opened.orders.watch({ sinceRevision: 0 }, scope.context)[Symbol.asyncIterator]();
    const stateOfFirst = () => opened.upstream.endpoints()[0]!.state;
    return { ...opened, first: first!, changes, stateOfFirst };
  }

  it('ends within about a second when its instance freezes, for its reader to resume elsewhere', async () => {
    const { first, changes, upstream, attempts } = await openTwo(() => watch);
    await changes.next();
    const frozenAt = performance.now();
    first.fallSilent();
    const failure = await failureOf(changes.next());
    expect(failure).toMatchObject({ code: 'unavailable', message: expect.not.stringMatching(/127/) });
    expect(performance.now() - frozenAt).toBeLessThan(2_500);
    expect(attempts).toMatchObject([{ outcome: { kind: 'failure', failure: 'timeout' } }]);
    expect(upstream.endpoints().map(({ pending }) => pending)).toEqual([0, 0]);
  });

  it('is opened elsewhere when its instance freezes before its first change', async () => {
    const mute = async function* (seen: SeenRequest): AsyncGenerator<Change<Order>> {
      await seen.cancelled;
    };
    const { first, changes, attempts, upstream } = await openTwo((name) => (name === 'first' ? mute : watch));
    const next = changes.next();
    while (upstream.endpoints()[0]!.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    first.fallSilent();
    expect((await next).value).toMatchObject({ revision: 1 });
    expect(attempts).toMatchObject([{ code: 'unavailable', role: 'first' }]);
    await changes.return?.();
    expect(attempts[1]).toMatchObject({ code: 'ok', role: 'retry' });
  });

  it('goes on while its instance drains: that one ends it itself', async () => {
    const { promise: more, resolve } = Promise.withResolvers<undefined>();
    const { first, changes, stateOfFirst } = await openTwo(
      () =>
        async function* (seen) {
          yield { revision: 1, value: order };
          await more;
          yield { revision: 2, value: order };
          await seen.cancelled;
        },
    );
    await changes.next();
    first.drain();
    while (stateOfFirst() === 'available') await new Promise((next) => setTimeout(next, 10));
    const drainedAt = performance.now();
    // Longer than silence would be borne.
    while (performance.now() - drainedAt < 1_000) await new Promise((next) => setTimeout(next, 20));
    resolve(undefined);
    expect((await changes.next()).value).toMatchObject({ revision: 2 });
    await changes.return?.();
  });
});
