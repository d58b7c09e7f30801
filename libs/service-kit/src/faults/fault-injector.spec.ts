import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { rejectionOf } from '../testing/rejection-of.ts';
import { FaultInjector } from './fault-injector.ts';
import { noFaults, parseFaultSettings, type FaultSettings } from './fault-settings.ts';

function setUp(settings: Partial<FaultSettings> = {}, random = () => 0.5) {
  const clock = createManualClock();
  const faults = new FaultInjector({ clock, random });
  faults.set({ ...noFaults, ...settings });
  let resets = 0;
  const connection = {
    reset: () => {
      resets++;
    },
  };
  const scope = openTestContext({ clock, timeoutMs: 1_000 });
  const pass = () => {
    const state = { name: 'waiting', code: '' };
    faults.pass(scope.context, connection).then(
      () => (state.name = 'passed'),
      (error: unknown) => Object.assign(state, { name: 'failed', code: AppError.from(error).code }),
    );
    return state;
  };
  return { clock, faults, scope, pass, connection, resets: () => resets };
}

describe('fault injector', () => {
  it('lets calls pass when nothing is wrong', async () => {
    const { faults, scope, connection, clock } = setUp();
    await expect(faults.pass(scope.context, connection)).resolves.toBeUndefined();
    scope.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('delays by latency and a share of the jitter', async () => {
    const { clock, pass } = setUp({ latencyMs: 100, jitterMs: 40 });
    const call = pass();
    await clock.advance(119);
    expect(call.name).toBe('waiting');
    await clock.advance(1);
    expect(call.name).toBe('passed');
  });

  it('ends a delayed call at its deadline', async () => {
    const { clock, pass } = setUp({ latencyMs: 5_000 });
    const call = pass();
    await clock.advance(1_000);
    expect(call).toEqual({ name: 'failed', code: 'deadline_exceeded' });
    expect(clock.pendingTimers()).toBe(0);
  });

  it('fails the configured share of calls with the configured code', async () => {
    let drawn = 0;
    const { faults, scope, connection } = setUp(
      { errorRate: 0.3, errorCode: 'unavailable' },
      () => (drawn++ % 10) / 10,
    );
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => faults.pass(scope.context, connection)),
    );
    const failures = results.filter((result) => result.status === 'rejected');
    expect(failures).toHaveLength(30);
    expect(failures[0]?.reason).toMatchObject({ code: 'unavailable' });
  });

  it('holds calls beyond their deadline until it is healed', async () => {
    const { clock, faults, pass } = setUp({ hang: true });
    const call = pass();
    await clock.advance(900);
    expect(call.name).toBe('waiting');
    faults.heal();
    await clock.advance(0);
    expect(call.name).toBe('passed');
    faults.set({ ...noFaults, hang: true });
    const late = pass();
    await clock.advance(60_000);
    expect(late.name).toBe('waiting');
    faults.heal();
    await clock.advance(0);
    expect(late).toEqual({ name: 'failed', code: 'deadline_exceeded' });
  });

  it('lets go of a call that hangs when its client leaves', async () => {
    const { clock, scope, pass } = setUp({ hang: true });
    const call = pass();
    scope.cancel(new AppError('cancelled', 'The client went away.'));
    await clock.advance(0);
    expect(call).toEqual({ name: 'failed', code: 'cancelled' });
  });

  it('cuts the connection', async () => {
    const { faults, scope, connection, resets } = setUp({ reset: true });
    await rejectionOf(faults.pass(scope.context, connection));
    expect(resets()).toBe(1);
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
