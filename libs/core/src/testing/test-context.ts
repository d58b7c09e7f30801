import { systemClock } from '../clock.ts';
import { openContext, type ContextScope, type OpenContextOptions } from '../context.ts';

/** A request scope with harmless defaults: user alice, 2 s until the deadline, real time. */
export function openTestContext(overrides: Partial<OpenContextOptions> = {}): ContextScope {
  return openContext({
    clock: systemClock,
    timeoutMs: 2_000,
    requestId: 'test-request',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: false },
    principal: { subject: 'alice', client: 'test', scopes: [], roles: [] },
    idempotencyKey: undefined,
    ...overrides,
  });
}
