import type { Clock, Context } from '@bff/core';
import { AppError } from '@bff/core';
import type { Attempt, Transport } from '../transport.ts';

/** One attempt as the transport saw it. */
export interface SeenAttempt {
  readonly endpointId: string;
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly context: Context;
}

/** What an instance does with an attempt: answers, throws, or takes its time. */
export type Answer = (attempt: SeenAttempt) => Promise<unknown>;

/** A transport without a network, for what happens above it under virtual time. */
export function createFakeTransport(clock: Clock, answer: Answer) {
  const seen: SeenAttempt[] = [];
  const forgotten: string[] = [];
  const transport: Transport = {
    protocol: 'http',
    async exchange<Req, Res>(
      { lease, operation, headers }: Attempt<Req, Res>,
      context: Context,
    ): Promise<Res> {
      const attempt: SeenAttempt = {
        endpointId: lease.endpoint.id,
        operation: operation.name,
        headers,
        startedAt: clock.now(),
        context,
      };
      seen.push(attempt);
      return (await untilAborted(answer(attempt), context.signal)) as Res;
    },
    stream: () => {
      throw new AppError('unimplemented', 'There are no streams here.');
    },
    check: async () => true,
    forget: ({ id }) => forgotten.push(id),
    close: async () => undefined,
  };
  return { transport, seen, forgotten };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(AppError.from(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
