import { AppError, openChild, throwIfEnded, type Context } from '@bff/core';
import type { StreamOperation } from '@bff/contracts';
import { openAccount } from './account-outcome.ts';
import { carriedHeaders } from './carried-headers.ts';
import { asFurtherAttempt, isRepeatable } from './further-attempt.ts';
import { pause } from './pause.ts';
import type { StreamCall } from './port.ts';
import { delayBeforeRetry, type AttemptsMade } from './retry.ts';
import { createRetryOptions } from './retry-options.ts';
import type { UpstreamCall } from './transport.ts';
import type { UpstreamParts } from './upstream.ts';
import { unavailable } from './upstream-failure.ts';

/**
 * Streams are not stacked like calls: they last as long as their context. One that fails before its first message is
 * made again as a call is; one that breaks later is resumed by its reader, who alone knows the last revision it has
 * seen. They count as load of their instance all the while.
 */
export function createStreamCall<Req, Res>(
  operation: StreamOperation<Req, Res>,
  parts: UpstreamParts,
): StreamCall<Req, Res> {
  const { options, transport, endpoints } = parts;
  const retry = createRetryOptions(parts);
  return async function* (request, context) {
    if (transport.protocol === 'http') {
      throw new AppError('unimplemented', 'Live updates are not offered here.');
    }
    const headers = await carriedHeaders(context, options);
    await endpoints.discovered(context);
    const repeatable = isRepeatable(operation, context) && context.retried !== true;
    const call = {
      operation,
      request,
      headers,
      tried: new Set<string>(),
      repeatable,
      role: 'first',
    } as const;
    if (context.retried !== true) retry.budget.recordCall();
    let attempt: UpstreamCall<Req, Res> = call;
    let begun = false;
    const made: AttemptsMade = { attempts: 0, refused: 0 };
    for (;;) {
      try {
        for await (const message of attemptOnce(attempt, context, parts)) {
          begun = true;
          yield message;
        }
        return;
      } catch (thrown) {
        const error = AppError.from(thrown);
        const delayMs = begun ? undefined : delayBeforeRetry(error, call, context, made, retry);
        if (delayMs === undefined) throw error;
        await pause(delayMs, context, options.clock);
        attempt = asFurtherAttempt(call, 'retry');
      }
    }
  };
}

/** One stream from one instance; however it ends, its lease is done once. */
async function* attemptOnce<Req, Res>(
  call: UpstreamCall<Req, Res>,
  context: Context,
  { options, endpoints, transport }: UpstreamParts,
): AsyncGenerator<Res> {
  const { name, clock, onAttempt } = options;
  throwIfEnded(context);
  // No probe: whether it works again would be known only when it ends.
  const lease = endpoints.balancer.acquire({ stream: true, repeatable: false, exclude: call.tried });
  call.tried.add(lease.endpoint.id);
  const attempt = { ...call, lease };
  const account = openAccount(attempt, context, { upstream: name, clock, onAttempt });
  // An instance that freezes says nothing, and a stream may have nothing to say for long: only its checks tell.
  const scope = openChild(context, { clock, timeoutMs: Infinity });
  const stopWaiting = endpoints.onceSilent(lease.endpoint.id, () => {
    scope.cancel(unavailable('timeout', `${lease.endpoint.id} does not answer its health checks any more.`));
  });
  let open = true;
  try {
    yield* transport.stream(attempt, scope.context);
    open = false;
    // How long a stream lasts says nothing about load.
    account.succeeded(() => undefined);
  } catch (thrown) {
    open = false;
    throw account.failed(thrown);
  } finally {
    stopWaiting();
    scope.close();
    if (open) account.abandoned();
  }
}
