import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { createLifecycle, type RunningApp } from './lifecycle.ts';

function createApp() {
  const steps: string[] = [];
  const app: RunningApp = {
    listeners: ['http', 'grpc'].map((name) => ({
      name,
      url: `${name}://x`,
      drain: () => void steps.push(`drain ${name}`),
      close: (limitMs) => {
        steps.push(`close ${name} within ${String(limitMs)}`);
        return Promise.resolve();
      },
    })),
    close: () => {
      steps.push('close app');
      return Promise.resolve();
    },
  };
  return { app, steps };
}

describe('lifecycle', () => {
  it('tells clients first, serves through the drain delay, then closes listeners, then what they used', async () => {
    const clock = createManualClock();
    const lifecycle = createLifecycle({ clock, drainDelayMs: 500, shutdownTimeoutMs: 3000 });
    const { app, steps } = createApp();
    expect(lifecycle.phase().name).toBe('starting');
    lifecycle.ready();
    expect(lifecycle.phase().name).toBe('ready');
    const stopped = lifecycle.stop('SIGTERM', app);
    await clock.advance(499);
    expect(lifecycle.phase()).toMatchObject({ name: 'draining', reason: 'SIGTERM' });
    expect(steps).toEqual(['drain http', 'drain grpc']);
    await clock.advance(1);
    await stopped;
    expect(steps.slice(2)).toEqual(['close http within 3000', 'close grpc within 3000', 'close app']);
    expect(lifecycle.phase().name).toBe('stopped');
    expect(clock.pendingTimers()).toBe(0);
  });

  it('tells streams to move on only when balancers had their time to notice', async () => {
    const clock = createManualClock();
    const lifecycle = createLifecycle({ clock, drainDelayMs: 500, shutdownTimeoutMs: 3000 });
    const { app, steps } = createApp();
    lifecycle.drain.addEventListener('abort', () => void steps.push('end streams'));
    const stopped = lifecycle.stop('SIGTERM', app);
    await clock.advance(499);
    expect(lifecycle.drain.aborted).toBe(false);
    await clock.advance(1);
    await stopped;
    expect(steps.slice(2, 4)).toEqual(['end streams', 'close http within 3000']);
    expect(lifecycle.drain.reason).toMatchObject({ code: 'unavailable' });
  });

  it('waits for nobody when it is to stop at once', async () => {
    const lifecycle = createLifecycle({
      clock: createManualClock(),
      drainDelayMs: 500,
      shutdownTimeoutMs: 10,
    });
    const { app } = createApp();
    await lifecycle.stop('SIGINT', app, { atOnce: true });
    expect([lifecycle.phase().name, lifecycle.drain.aborted]).toEqual(['stopped', true]);
  });

  it('stops once, however often it is asked', async () => {
    const lifecycle = createLifecycle({ clock: createManualClock(), drainDelayMs: 0, shutdownTimeoutMs: 10 });
    const { app, steps } = createApp();
    lifecycle.ready();
    await Promise.all([lifecycle.stop('SIGTERM', app), lifecycle.stop('SIGINT', app)]);
    expect(steps.filter((step) => step === 'close app')).toHaveLength(1);
  });
});
