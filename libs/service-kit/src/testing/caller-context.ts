import { systemClock, type Clock, type ContextScope } from '@bff/core';
import { openTestContext } from '@bff/core/testing';

/** Who calls in a test. */
export interface Caller {
  /** Null for nobody. Default alice. */
  subject?: string | null;
  roles?: readonly string[];
  idempotencyKey?: string;
  timeoutMs?: number;
  clock?: Clock;
}

/** The scope of one call; close it, or cancel it to end a watch. */
export function callerContext(caller: Caller = {}): ContextScope {
  const { subject = 'alice', roles = [], idempotencyKey, timeoutMs = 5_000, clock = systemClock } = caller;
  return openTestContext({
    clock,
    timeoutMs,
    idempotencyKey,
    principal: subject === null ? undefined : { subject, client: 'test', scopes: [], roles },
  });
}
