import { continueTrace, type OpenContextOptions } from '@bff/core';

/** What a health check carries instead of a user's request: nobody's identity, a trace of its own that is not sampled. */
export function probeContext(random: () => number): Omit<OpenContextOptions, 'clock' | 'timeoutMs'> {
  const randomHex = (bytes: number) =>
    Array.from({ length: 2 * bytes }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    requestId: 'health-check',
    trace: continueTrace(undefined, randomHex),
    principal: undefined,
    idempotencyKey: undefined,
  };
}
