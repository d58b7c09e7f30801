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
