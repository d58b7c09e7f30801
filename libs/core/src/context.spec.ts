import { describe, expect, it } from '@jest/globals';
import { AppError } from './errors.ts';
import { openChild, throwIfEnded } from './context.ts';
import { createManualClock, openTestContext } from './testing/index.ts';

describe('context scope', () => {
  it('aborts with deadline_exceeded when its time is up', async () => {
    const clock = createManualClock();
    const scope = openTestContext({ clock, timeoutMs: 100 });
    await clock.advance(99);
    expect(scope.context.signal.aborted).toBe(false);
    expect(scope.context.deadline.remainingMs()).toBe(1);
    await clock.advance(1);
    expect(scope.context.signal.reason).toMatchObject({ code: 'deadline_exceeded' });
    expect(() => {
      throwIfEnded(scope.context);
    }).toThrow('deadline');
  });

  it('leaves no timer behind once closed or cancelled', () => {
    const clock = createManualClock();
    const scope = openTestContext({ clock });
    const child = openChild(scope.context, { clock, timeoutMs: 10 });
    child.close();
    scope.cancel(new AppError('cancelled', 'The client went away.'));
    expect(clock.pendingTimers()).toBe(0);
  });

  it('gives a child the earlier of its own deadline and its parent’s', () => {
    const clock = createManualClock();
    const parent = openTestContext({ clock, timeoutMs: 50 });
    expect(openChild(parent.context, { clock, timeoutMs: 500 }).context.deadline.remainingMs()).toBe(50);
    expect(openChild(parent.context, { clock, timeoutMs: 20 }).context.deadline.remainingMs()).toBe(20);
  });

  it('passes a cancellation down to children, not up to the parent', () => {
    const clock = createManualClock();
    const parent = openTestContext({ clock });
    const first = openChild(parent.context, { clock, timeoutMs: 10 });
    const second = openChild(parent.context, { clock, timeoutMs: 10 });
    first.cancel(new AppError('cancelled', 'not needed'));
    expect([parent, second].map((scope) => scope.context.signal.aborted)).toEqual([false, false]);
    const reason = new AppError('cancelled', 'The client went away.');
    parent.cancel(reason);
    expect(second.context.signal.reason).toBe(reason);
    const late = openChild(parent.context, { clock, timeoutMs: 10 });
    expect(late.context.signal.reason).toBe(reason);
  });
});
