import { stack, type Call } from '@bff/core';
import type { UnaryOperation } from '@bff/contracts';
import { accountOutcome } from './account-outcome.ts';
import { balance } from './balance.ts';
import { carryHeaders } from './carried-headers.ts';
import { isRepeatable } from './further-attempt.ts';
import { hedge } from './hedge.ts';
import { limitTime } from './limit-time.ts';
import { retry } from './retry.ts';
import { createRetryOptions } from './retry-options.ts';
import type { Attempt, UpstreamCall } from './transport.ts';
import type { UpstreamParts } from './upstream.ts';

/** The call stack of one operation: what happens once per call, then what happens once per attempt. */
export function createUnaryCall<Req, Res>(
  operation: UnaryOperation<Req, Res>,
  parts: UpstreamParts,
): Call<Req, Res> {
  const { options, endpoints, transport } = parts;
  const { name, clock, onAttempt, timeoutMs } = options;
  const attempt = stack<Attempt<Req, Res>, Res>(
    [
      // Above the timeout, so that an attempt that was cut off counts against the instance.
      accountOutcome({ upstream: name, clock, onAttempt }),
      // Around the exchange alone: every attempt has its own time.
      limitTime(timeoutMs, clock),
    ],
    (request, context) => transport.exchange(request, context),
  );
  const further = createRetryOptions(parts);
  const hedged = parts.hedging.operations.includes(operation.name) && operation.safety === 'safe';
  const call = stack<UpstreamCall<Req, Res>, Res>(
    [
      // Once per call and before an instance is picked: minting is not the instance's time nor its fault.
      carryHeaders(options),
      // Above the balancer, so that a second attempt goes to another instance.
      retry(further),
      // Below the retry: two attempts that run side by side fail as one, and only then is there something to retry.
      ...(hedged ? [hedge<Req, Res>({ ...further, policy: parts.hedging })] : []),
    ],
    balance(endpoints.balancer, attempt),
  );
  return async (request, context) => {
    await endpoints.discovered(context);
    const repeatable = isRepeatable(operation, context) && context.retried !== true;
    return call({ operation, request, headers: {}, tried: new Set(), repeatable, role: 'first' }, context);
  };
}
