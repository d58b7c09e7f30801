import { beforeEach, describe, expect, it } from '@jest/globals';
import { failure, openBalancer, success } from '../testing/opened-balancer.ts';

let { events, balancer, attemptAt, stateOf, pickedIds, advance } = openBalancer();

function open(...ids: string[]) {
  ({ events, balancer, attemptAt, stateOf, pickedIds, advance } = openBalancer(...ids));
}

beforeEach(() => open('a', 'b', 'c'));

describe('ejection', () => {
  it.each(['refused', 'reset'] as const)('sets an instance aside at its first %s', (kind) => {
    attemptAt('a', failure(kind));
    expect(stateOf('a')).toMatchObject({ state: 'ejected', ejection: 'connection', probeInMs: 1_000 });
    expect(pickedIds(50)).toEqual(new Set(['b', 'c']));
  });

  it('sets it aside at the fifth failure in a row, not before', () => {
    for (let i = 0; i < 4; i++) attemptAt('a', failure('timeout'));
    expect(stateOf('a')?.state).toBe('available');
    attemptAt('a', failure('timeout'));
    expect(stateOf('a')).toMatchObject({ state: 'ejected', ejection: 'consecutive_failures' });
  });

  it('shows a doubtful one to no more calls than it takes to set it aside, until one of them tells', () => {
    open('a', 'b');
    attemptAt('a', failure('server_error'));
    const leases = Array.from({ length: 40 }, () => balancer.acquire());
    const exposed = leases.filter(({ endpoint }) => endpoint.id === 'a');
    expect(exposed).toHaveLength(4);
    exposed[0]?.done(success);
    const more = Array.from({ length: 40 }, () => balancer.acquire());
    expect(more.filter(({ endpoint }) => endpoint.id === 'a').length).toBeGreaterThan(10);
  });

  it('sets it aside when under 80 % of at least five results in ten seconds succeed', () => {
    const results = [success, success, success, failure('server_error')];
    for (const result of results) attemptAt('a', result);
    expect(stateOf('a')?.state).toBe('available');
    attemptAt('a', failure('server_error'));
    expect(stateOf('a')).toMatchObject({ state: 'ejected', ejection: 'success_rate' });
  });

  it('counts an overloaded answer for the rate, not for the row', () => {
    for (let i = 0; i < 40; i++) attemptAt('a', success);
    for (let i = 0; i < 9; i++) attemptAt('a', failure('overloaded'));
    expect(stateOf('a')?.state).toBe('available');
    for (let i = 0; i < 2; i++) attemptAt('a', failure('overloaded'));
    expect(stateOf('a')).toMatchObject({ ejection: 'success_rate' });
  });

  it('ejects nobody for a rate that all share: an upstream that sheds load keeps its capacity', () => {
    for (let i = 0; i < 30; i++) {
      for (const id of ['a', 'b', 'c']) attemptAt(id, i % 3 === 0 ? failure('overloaded') : success);
    }
    expect(events.filter(({ kind }) => kind === 'ejected')).toEqual([]);
  });

  it('ejects one of two, and never the last', () => {
    open('a', 'b');
    attemptAt('a', failure('refused'));
    expect(stateOf('a')?.state).toBe('ejected');
    for (let i = 0; i < 20; i++) attemptAt('b', failure('server_error'));
    expect(stateOf('b')?.state).toBe('available');
    expect(events).toContainEqual(expect.objectContaining({ kind: 'spared' }));
  });

  it('never ejects an only instance', () => {
    open('a');
    for (let i = 0; i < 20; i++) attemptAt('a', failure('refused'));
    expect(stateOf('a')?.state).toBe('available');
    expect(pickedIds(3)).toEqual(new Set(['a']));
  });

  it('computes the share after the ejection: two of four may go, two of three may not', () => {
    open('a', 'b', 'c', 'd');
    for (const id of ['a', 'b', 'c']) attemptAt(id, failure('refused'));
    expect(balancer.endpoints().map(({ state }) => state)).toEqual([
      'ejected',
      'ejected',
      'available',
      'available',
    ]);
  });

  it('sets aside an instance that is many times slower than its peers for a while', () => {
    for (let i = 0; i < 10; i++) {
      advance(300);
      for (const id of ['b', 'c']) attemptAt(id, success);
      attemptAt('a', { kind: 'success', latencyMs: 600 });
    }
    expect(stateOf('a')).toMatchObject({ state: 'ejected', ejection: 'slow' });
  });

  it('does not take slow calls for a slow instance', () => {
    for (let i = 0; i < 40; i++) {
      advance(300);
      for (const id of ['b', 'c']) attemptAt(id, success);
      attemptAt('a', { kind: 'success', latencyMs: i % 4 === 0 ? 50 : 900 });
    }
    expect(stateOf('a')?.state).toBe('available');
  });

  it('forgets results of attempts that began before the ejection', () => {
    open('a', 'b');
    const old = [balancer.acquire(), balancer.acquire(), balancer.acquire(), balancer.acquire()];
    advance(1);
    const ofA = old.filter(({ endpoint }) => endpoint.id === 'a');
    attemptAt('a', failure('refused'));
    for (const lease of ofA) lease.done(success);
    expect(stateOf('a')?.state).toBe('ejected');
  });
});

describe('probing', () => {
  beforeEach(() => {
    open('a', 'b');
    attemptAt('a', failure('refused'));
  });

  it('sends exactly one call, when the time has come', () => {
    advance(999);
    expect(pickedIds(20)).toEqual(new Set(['b']));
    advance(1);
    const probe = balancer.acquire();
    expect(probe.endpoint.id).toBe('a');
    const others = Array.from({ length: 20 }, () => balancer.acquire().endpoint.id);
    expect(new Set(others)).toEqual(new Set(['b']));
  });

  it('doubles the time after each failed probe, up to the maximum', () => {
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      expect(stateOf('a')?.probeInMs).toBeCloseTo(waitMs, 6);
      advance(waitMs);
      balancer.acquire().done(failure('server_error'));
    }
  });

  it('brings the instance back, slowly, after a success', () => {
    advance(1_000);
    balancer.acquire().done(success);
    expect(stateOf('a')).toMatchObject({ state: 'available', warmth: 0.1, ewmaMs: 50 });
    expect(events.at(-1)).toMatchObject({ kind: 'returned', by: 'call' });
    advance(5_000);
    expect(stateOf('a')?.warmth).toBeCloseTo(0.5, 6);
    advance(5_000);
    expect(stateOf('a')?.warmth).toBe(1);
  });

  it('asks again at once when the probe was cancelled', () => {
    advance(1_000);
    balancer.acquire().done({ kind: 'cancelled', elapsedMs: 1 });
    expect(balancer.acquire().endpoint.id).toBe('a');
  });

  it('does not probe with streams, nor with calls that have tried the instance, nor first with unrepeatable ones', () => {
    advance(1_000);
    expect(pickedIds(5, { stream: true })).toEqual(new Set(['b']));
    expect(pickedIds(5, { exclude: new Set(['a']) })).toEqual(new Set(['b']));
    expect(pickedIds(5, { repeatable: false })).toEqual(new Set(['b']));
    advance(1_000);
    expect(balancer.acquire({ repeatable: false }).endpoint.id).toBe('a');
  });

  it('forgets earlier ejections after a good minute', () => {
    advance(1_000);
    balancer.acquire().done(failure('refused'));
    advance(2_000);
    balancer.acquire().done(success);
    advance(61_000);
    attemptAt('a', failure('refused'));
    expect(stateOf('a')?.probeInMs).toBeCloseTo(1_000, 6);
  });
});

describe('panic', () => {
  it('uses all when under half are healthy, and ends when half are', () => {
    for (const id of ['a', 'b']) balancer.setHealth(id, false);
    expect(pickedIds(100)).toEqual(new Set(['a', 'b', 'c']));
    expect(events.at(-1)).toEqual({ kind: 'panic', active: true, available: 1, total: 3 });
    balancer.setHealth('a', true);
    expect(events).toContainEqual({ kind: 'panic', active: false, available: 2, total: 3 });
    expect(pickedIds(100)).not.toContain('b');
  });

  it('is not entered with exactly half', () => {
    open('a', 'b');
    balancer.setHealth('a', false);
    expect(pickedIds(50)).toEqual(new Set(['b']));
  });

  it('is entered when the only instance left is dead too; successes end it', () => {
    open('a', 'b');
    attemptAt('a', failure('refused'));
    attemptAt('b', failure('refused'));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'spared', reason: 'connection' }));
    const leases = Array.from({ length: 50 }, () => balancer.acquire());
    expect(new Set(leases.map(({ endpoint }) => endpoint.id))).toEqual(new Set(['a', 'b']));
    for (const lease of leases) lease.done(success);
    expect(balancer.endpoints().map(({ state }) => state)).toEqual(['available', 'available']);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'panic', active: false }));
  });
});
