import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { FaultInjector } from './fault-injector.ts';
import { noFaults, parseFaultSettings, type FaultSettings } from './fault-settings.ts';

function setUp(settings: Partial<FaultSettings> = {}, random = () => 0.5) {
  const clock = createManualClock();
  const faults = new FaultInjector({ clock, random });
  faults.set({ ...noFaults, ...settings });
  let resets = 0;
  const client = new AbortController();
  const caller = {
    left: client.signal,
    reset: () => {
      resets++;
    },
  };
  const pass = () => {
    const state = { name: 'waiting', code: '' };
    faults.pass(caller).then(
      () => (state.name = 'passed'),
      (error: unknown) => Object.assign(state, { name: 'failed', code: AppError.from(error).code }),
    );
    return state;
  };
  return { clock, faults, client, pass, caller, resets: () => resets };
}

describe('fault injector', () => {
  it('lets requests pass when nothing is wrong', async () => {
    const { faults, caller, clock } = setUp();
    expect(faults.isOn).toBe(false);
    await expect(faults.pass(caller)).resolves.toBeUndefined();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('delays by latency and a share of the jitter', async () => {
    const { clock, pass } = setUp({ latencyMs: 100, jitterMs: 40 });
    const request = pass();
    await clock.advance(119);
    expect(request.name).toBe('waiting');
    await clock.advance(1);
    expect(request.name).toBe('passed');
  });

  it('delays nobody who has left', async () => {
    const { clock, pass, client } = setUp({ latencyMs: 5_000 });
    const request = pass();
    client.abort();
    await clock.advance(0);
    expect(request).toEqual({ name: 'failed', code: 'cancelled' });
    expect(clock.pendingTimers()).toBe(0);
  });

  it('fails the configured share of requests with the configured code', async () => {
    let drawn = 0;
    const { faults, caller } = setUp({ errorRate: 0.3, errorCode: 'unavailable' }, () => (drawn++ % 10) / 10);
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => faults.pass(caller)));
    const failures = results.filter((result) => result.status === 'rejected');
    expect(failures).toHaveLength(30);
    expect(failures[0]?.reason).toMatchObject({ code: 'unavailable' });
  });

  it('holds requests until it is healed, or their client leaves', async () => {
    const { clock, faults, pass, client } = setUp({ hang: true });
    const request = pass();
    await clock.advance(600_000);
    expect(request.name).toBe('waiting');
    faults.heal();
    await clock.advance(0);
    expect(request.name).toBe('passed');
    faults.set({ ...noFaults, hang: true });
    const abandoned = pass();
    client.abort();
    await clock.advance(0);
    expect(abandoned).toEqual({ name: 'failed', code: 'cancelled' });
  });

  it('cuts the connection', async () => {
    const { pass, resets, clock } = setUp({ reset: true });
    const request = pass();
    await clock.advance(0);
    expect([request.name, resets()]).toEqual(['failed', 1]);
  });
});

describe('fault settings', () => {
  it('are off unless named', () => {
    expect(parseFaultSettings({ latencyMs: 20 })).toEqual({ ...noFaults, latencyMs: 20 });
    expect(parseFaultSettings(undefined)).toEqual(noFaults);
  });

  it.each([
    [{ latency: 20 }],
    [{ latencyMs: -1 }],
    [{ latencyMs: '20' }],
    [{ errorRate: 1.1 }],
    [{ hang: 'yes' }],
    [{ errorCode: 'not_found' }],
    [[]],
    ['hang'],
  ])('refuse %j', (body) => {
    expect(() => parseFaultSettings(body)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
