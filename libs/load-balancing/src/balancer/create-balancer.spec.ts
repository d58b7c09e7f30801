import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { endpointsNamed, failure, openBalancer, success } from '../testing/opened-balancer.ts';

let { clock, events, balancer, attemptAt, stateOf, pickedIds, advance } = openBalancer();

function open(...ids: string[]) {
  ({ clock, events, balancer, attemptAt, stateOf, pickedIds, advance } = openBalancer(...ids));
}

beforeEach(() => open('a', 'b', 'c'));

describe('health', () => {
  it('takes an unhealthy instance out and brings it back slowly, without a probe', () => {
    balancer.setHealth('a', false);
    expect(stateOf('a')).toMatchObject({ state: 'ejected', ejection: 'unhealthy' });
    advance(100_000);
    expect(pickedIds(50)).toEqual(new Set(['b', 'c']));
    balancer.setHealth('a', true);
    expect(stateOf('a')).toMatchObject({ state: 'available', warmth: 0.1 });
  });

  it('probes an instance that refused connections as soon as its check passes', () => {
    attemptAt('a', failure('refused'));
    advance(10);
    balancer.setHealth('a', true);
    expect(balancer.acquire().endpoint.id).toBe('a');
  });
});

describe('update', () => {
  it('keeps the state of survivors, drains what went and starts what came slowly', () => {
    attemptAt('a', failure('refused'));
    const leases = Array.from({ length: 10 }, () => balancer.acquire());
    balancer.update(endpointsNamed('a', 'b', 'd'));
    expect(stateOf('a')?.state).toBe('ejected');
    expect(stateOf('c')?.state).toBe('draining');
    expect(stateOf('d')?.warmth).toBe(0.1);
    for (const lease of leases) lease.done(success);
    expect(stateOf('c')).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ kind: 'drained', endpoint: { id: 'c' } });
  });

  it('ignores an empty list', () => {
    balancer.update([]);
    expect(balancer.endpoints()).toHaveLength(3);
    expect(events.at(-1)).toEqual({ kind: 'empty_update_ignored' });
  });

  it('takes an instance back that was draining, with what it owes', () => {
    const leases = Array.from({ length: 9 }, () => balancer.acquire());
    const owed = stateOf('c')?.pending;
    balancer.update(endpointsNamed('a', 'b'));
    balancer.update(endpointsNamed('a', 'b', 'c'));
    expect(stateOf('c')).toMatchObject({ state: 'available', pending: owed });
    for (const lease of leases) lease.done(success);
    expect(stateOf('c')?.pending).toBe(0);
  });

  it('refuses the same id twice and weights that are not above 0', () => {
    expect(() => balancer.update(endpointsNamed('a', 'a'))).toThrow('same id');
    expect(() => balancer.update([{ id: 'a', url: 'http://a', weight: 0 }])).toThrow('weight of endpoint a');
  });

  it('starts empty, refuses with unavailable, and serves once endpoints are known', () => {
    open();
    const refused = () => balancer.acquire();
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(expect.objectContaining({ code: 'unavailable' }));
    balancer.update(endpointsNamed('a'));
    expect(pickedIds(1)).toEqual(new Set(['a']));
    expect(stateOf('a')?.warmth).toBe(1);
  });
});

describe('leases', () => {
  it('prefers endpoints that were not tried, and falls back to any', () => {
    expect(pickedIds(50, { exclude: new Set(['a', 'b']) })).toEqual(new Set(['c']));
    expect(pickedIds(50, { exclude: new Set(['a', 'b', 'c']) }).size).toBe(3);
  });

  it('leaves no timer behind', () => {
    attemptAt('a', failure('refused'));
    balancer.close();
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('an instance that does not accept connections', () => {
  const others = (...ids: string[]) => ({ exclude: new Set(ids) });

  it('gets a further attempt behind those that were only slow', () => {
    open('a', 'b');
    attemptAt('b', { kind: 'failure', failure: 'timeout', elapsedMs: 100 });
    attemptAt('a', failure('refused'));
    expect(balancer.hasUntried(new Set(['b']))).toBe(false);
    for (let call = 0; call < 20; call++) {
      const lease = balancer.acquire(others('a', 'b'));
      expect(lease.endpoint.id).toBe('b');
      lease.done({ kind: 'cancelled', elapsedMs: 1 });
    }
  });

  it('gets one when all refuse, and counts again as soon as its health check passes', () => {
    open('a', 'b');
    for (const id of ['a', 'b']) attemptAt(id, failure('refused'));
    expect(balancer.hasUntried(new Set())).toBe(false);
    expect(balancer.acquire(others('a')).endpoint.id).toBe('b');
    balancer.setHealth('b', true);
    expect(balancer.hasUntried(new Set(['a']))).toBe(true);
  });
});

describe('an instance that owes answers and gives none', () => {
  it('is avoided after a quarter of a second, also where its only peer has just come back', () => {
    open('a', 'b');
    balancer.setHealth('b', false);
    balancer.setHealth('b', true);
    expect(stateOf('b')?.warmth).toBe(0.1);
    const owed = Array.from({ length: 30 }, () => balancer.acquire()).filter(
      (lease) => lease.endpoint.id === 'a' || lease.done(success),
    );
    expect(owed.length).toBeGreaterThan(10);
    advance(260);
    expect(pickedIds(200)).toEqual(new Set(['b']));
    owed[0]!.done(success);
    expect(pickedIds(200)).toEqual(new Set(['a', 'b']));
    for (const lease of owed) lease.done(success);
  });
});
