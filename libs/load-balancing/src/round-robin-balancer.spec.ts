import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import type { Outcome } from './outcome.ts';
import { createRoundRobinBalancer } from './round-robin-balancer.ts';

const success: Outcome = { kind: 'success', latencyMs: 1 };

function endpointsNamed(...ids: string[]) {
  return ids.map((id) => ({ id, url: `http://${id}` }));
}

describe('createRoundRobinBalancer', () => {
  it('gives every endpoint the same share', () => {
    const balancer = createRoundRobinBalancer(endpointsNamed('a:1', 'b:1', 'c:1'));
    const picks = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const lease = balancer.acquire();
      picks.set(lease.endpoint.id, (picks.get(lease.endpoint.id) ?? 0) + 1);
      lease.done(success);
    }
    const shares = [...picks.values()];
    expect(shares).toHaveLength(3);
    expect(Math.max(...shares) / (10_000 / 3)).toBeLessThanOrEqual(1.05);
  });

  it('never picks an excluded endpoint while there is another', () => {
    const balancer = createRoundRobinBalancer(endpointsNamed('a:1', 'b:1', 'c:1'));
    const picked = Array.from(
      { length: 30 },
      () => balancer.acquire({ exclude: new Set(['b:1']) }).endpoint.id,
    );
    expect(new Set(picked)).toEqual(new Set(['a:1', 'c:1']));
  });

  it('falls back to an excluded endpoint when there is no other', () => {
    const balancer = createRoundRobinBalancer(endpointsNamed('a:1'));
    expect(balancer.acquire({ exclude: new Set(['a:1']) }).endpoint.id).toBe('a:1');
  });

  it('counts a lease as pending until it is done, and only once', () => {
    const balancer = createRoundRobinBalancer(endpointsNamed('a:1'));
    const [first, second] = [balancer.acquire(), balancer.acquire()];
    expect(balancer.endpoints()).toEqual([{ id: 'a:1', url: 'http://a:1', state: 'available', pending: 2 }]);
    first.done(success);
    first.done({ kind: 'cancelled', elapsedMs: 5 });
    expect(balancer.endpoints()[0]?.pending).toBe(1);
    second.done({ kind: 'failure', failure: 'reset', elapsedMs: 3 });
    expect(balancer.endpoints()[0]?.pending).toBe(0);
  });

  it('refuses with unavailable when there is no endpoint', () => {
    const refused = () => createRoundRobinBalancer([]).acquire();
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it('refuses two endpoints with the same id', () => {
    expect(() => createRoundRobinBalancer(endpointsNamed('a:1', 'a:1'))).toThrow('same id');
  });
});
