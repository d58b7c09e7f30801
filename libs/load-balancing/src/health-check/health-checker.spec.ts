import { describe, expect, it } from '@jest/globals';
import type { Context } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { createBalancer } from '../balancer/create-balancer.ts';
import type { Endpoint } from '../endpoint.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { createHealthChecker } from './health-checker.ts';

const endpointsNamed = (...ids: string[]) => ids.map((id) => ({ id, url: `http://${id}` }));

function openChecker(...ids: string[]) {
  const clock = createManualClock();
  const random = createSeededRandom(1);
  const balancer = createBalancer({ endpoints: endpointsNamed(...ids), clock, random });
  const answers = new Map<string, () => Promise<boolean>>();
  const checked: { id: string; at: number }[] = [];
  let underWay = 0;
  const check = async ({ id }: Endpoint, { signal }: Context) => {
    checked.push({ id, at: clock.now() });
    underWay++;
    signal.addEventListener('abort', () => underWay--, { once: true });
    return (answers.get(id) ?? (async () => true))();
  };
  const checker = createHealthChecker({ balancer, check, clock, random });
  const stateOf = (id: string) => balancer.endpoints().find((endpoint) => endpoint.id === id)?.state;
  return { clock, balancer, answers, checked, checker, stateOf };
}

describe('createHealthChecker', () => {
  it('takes an instance out after two failures, asks more often meanwhile, and takes it back after one pass', async () => {
    const { clock, answers, checked, checker, stateOf } = openChecker('a', 'b');
    await clock.advance(100);
    answers.set('a', async () => false);
    await clock.advance(6_000);
    // The second question came after half a second of doubt, not after another five.
    await clock.advance(1_000);
    expect(stateOf('a')).toBe('ejected');
    expect(stateOf('b')).toBe('available');
    const questions = checked.filter(({ id }) => id === 'a').length;
    await clock.advance(3_000);
    expect(checked.filter(({ id }) => id === 'a').length - questions).toBeGreaterThanOrEqual(4);
    answers.set('a', async () => true);
    await clock.advance(700);
    expect(stateOf('a')).toBe('available');
    checker.close();
  });

  it.each<[string, () => Promise<boolean>]>([
    ['never answers', () => new Promise(() => undefined)],
    ['throws', () => Promise.reject(new Error('connection refused'))],
  ])('counts a check that %s as failed', async (_, answer) => {
    const { clock, answers, checker, stateOf } = openChecker('a', 'b');
    answers.set('a', answer);
    await clock.advance(8_000);
    expect(stateOf('a')).toBe('ejected');
    checker.close();
  });

  it('checks what discovery adds, and no longer what it removes', async () => {
    const { clock, balancer, checked, checker } = openChecker('a', 'b');
    await clock.advance(100);
    balancer.update(endpointsNamed('b', 'c'));
    await clock.advance(600);
    const since = clock.now();
    await clock.advance(20_000);
    const later = new Set(checked.filter(({ at }) => at > since).map(({ id }) => id));
    expect(later).toEqual(new Set(['b', 'c']));
    checker.close();
  });

  it('spreads the checks by jitter', async () => {
    const { clock, checked, checker } = openChecker('a');
    await clock.advance(60_000);
    const gaps = checked.slice(1).map(({ at }, i) => at - (checked[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_000);
    // Never later: that is how soon a frozen one is noticed.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(3);
    checker.close();
  });

  it('takes out one that freezes just after it was asked, within interval, timeout, doubt and timeout', async () => {
    const { clock, answers, checked, checker, stateOf } = openChecker('a', 'b');
    await clock.advance(100);
    answers.set('a', () => new Promise(() => undefined));
    const frozenAt = checked.findLast(({ id }) => id === 'a')?.at ?? NaN;
    while (stateOf('a') === 'available') await clock.advance(10);
    expect(clock.now() - frozenAt).toBeLessThanOrEqual(5_000 + 500 + 500 + 500);
    checker.close();
  });

  it('believes no timeout that came far too late, since then this process got no turn', async () => {
    const { clock, answers, checker, stateOf } = openChecker('a', 'b');
    await clock.advance(100);
    let stalled = 0;
    answers.set('a', () => new Promise(() => undefined));
    const { now } = clock;
    // Time jumps while the check waits, as it does for a process that is held up.
    clock.now = () => now() + stalled;
    await clock.advance(4_990);
    for (let check = 0; check < 10; check++) {
      stalled += 5_000;
      await clock.advance(1_000);
    }
    expect(stateOf('a')).toBe('available');
    await clock.advance(3_000);
    expect(stateOf('a')).toBe('ejected');
    checker.close();
  });

  it('ends its first round when everybody has been asked, whatever they said', async () => {
    const { clock, answers, checker, balancer } = openChecker();
    let ended = false;
    void checker.firstRound.then(() => (ended = true));
    await clock.advance(3_000);
    // Nobody is known yet.
    expect(ended).toBe(false);
    answers.set('a', () => Promise.reject(new Error('refused')));
    answers.set('b', () => new Promise(() => undefined));
    balancer.update(endpointsNamed('a', 'b', 'c'));
    await clock.advance(600);
    expect(ended).toBe(false);
    await clock.advance(500);
    expect(ended).toBe(true);
    checker.close();
  });

  it('leaves no timer behind and changes nothing after it was closed', async () => {
    const { clock, answers, checker, stateOf } = openChecker('a', 'b');
    let answer: (passed: boolean) => void = () => undefined;
    answers.set('a', () => new Promise((resolve) => (answer = resolve)));
    await clock.advance(6_000);
    checker.close();
    expect(clock.pendingTimers()).toBe(0);
    answer(false);
    await clock.advance(10_000);
    expect(clock.pendingTimers()).toBe(0);
    expect(stateOf('b')).toBe('available');
  });
});
