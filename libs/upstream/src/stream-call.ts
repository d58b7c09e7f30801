import { AppError, throwIfEnded, type Clock, type Context } from '@bff/core';
import type { StreamOperation } from '@bff/contracts';
import type { Balancer } from '@bff/load-balancing';
import { openAccount, type OnAttempt } from './account-outcome.ts';
import { carriedHeaders, type IdentityOptions } from './carried-headers.ts';
import type { StreamCall } from './port.ts';
import type { Transport } from './transport.ts';

export interface StreamCallOptions<Req, Res> {
  operation: StreamOperation<Req, Res>;
  upstream: string;
  identity: IdentityOptions;
  balancer: Balancer;
  transport: Transport;
  clock: Clock;
  onAttempt: OnAttempt | undefined;
  /** Resolves when the instances are known. */
  discovered: (context: Context) => Promise<void>;
}

/**
 * Streams are not stacked like calls: they last as long as their context, and one that breaks is resumed by
 * its reader, who alone knows the last revision it has seen. They count as load of their instance all the while.
 */
export function createStreamCall<Req, Res>(options: StreamCallOptions<Req, Res>): StreamCall<Req, Res> {
  const { operation, balancer, transport } = options;
  return async function* (request, context) {
    if (transport.protocol === 'http') {
      throw new AppError('unimplemented', 'Live updates are not offered here.');
    }
    const headers = await carriedHeaders(context, options.identity);
    await options.discovered(context);
    throwIfEnded(context);
    const lease = balancer.acquire({ stream: true, repeatable: false });
    const tried = new Set([lease.endpoint.id]);
    const attempt = { operation, request, headers, tried, repeatable: false, role: 'first', lease } as const;
    const account = openAccount(attempt, context, options);
    let open = true;
    try {
      yield* transport.stream(attempt, context);
      open = false;
      // How long a stream lasts says nothing about load.
      account.succeeded(() => undefined);
    } catch (thrown) {
      open = false;
      throw account.failed(thrown);
    } finally {
      if (open) account.abandoned();
    }
  };
}
