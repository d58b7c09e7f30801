import type { RetryOptions } from './retry.ts';
import type { UpstreamParts } from './upstream.ts';
import type { FurtherAttemptEvent } from './upstream-event.ts';

/** What decides about further attempts, the same for calls and streams. */
export function createRetryOptions(parts: UpstreamParts): RetryOptions {
  const { options, policy, random, budget, endpoints, deadlineMarginMs } = parts;
  const { name: upstream, clock } = options;
  const { hasUntried, failsOver } = endpoints;
  const onEvent = (event: FurtherAttemptEvent) => parts.onEvent({ upstream, ...event });
  return { clock, budget, onEvent, hasUntried, failsOver, random, policy: policy.retry, deadlineMarginMs };
}
