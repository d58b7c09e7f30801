import { systemClock } from '@bff/core';
import { createLogger, createMetrics } from '@bff/observability';
import { FaultInjector } from '../faults/fault-injector.ts';
import type { ProcessKit } from '../process-kit.ts';

/** A kit for servers in tests: real time and chance, counted ids instead of random ones, no log output; `audit` forgets, `drain` never comes. */
export function createTestKit(overrides: Partial<ProcessKit> = {}): ProcessKit {
  let sequence = 0;
  return {
    name: 'test',
    instance: 'test-1',
    clock: systemClock,
    random: Math.random,
    randomHex: (bytes) => (++sequence).toString(16).padStart(bytes * 2, '0'),
    logger: createLogger({ service: 'test', instance: 'test-1', level: 'silent', clock: systemClock }),
    metrics: createMetrics({ service: 'test', instance: 'test-1' }),
    audit: () => undefined,
    drain: new AbortController().signal,
    followVariable: () => () => undefined,
    faults: new FaultInjector({ clock: systemClock, random: () => 0.5 }),
    ...overrides,
  };
}
