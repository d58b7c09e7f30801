import type { StreamOperation, UnaryOperation } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';

type AnyOperation = UnaryOperation<unknown, unknown> | StreamOperation<unknown, unknown>;

/** One operation of a port together with the method that does it. */
export type BoundOperation =
  | {
      operation: UnaryOperation<unknown, unknown>;
      call: (request: unknown, context: Context) => Promise<unknown>;
    }
  | {
      operation: StreamOperation<unknown, unknown>;
      call: (request: unknown, context: Context) => AsyncIterable<unknown>;
    };

/**
 * Pairs a port's methods with the rows of its operation table. The table is `OperationsOf<Port>`, so the types agree
 * row by row; a loop over them cannot say so, hence the casts here and nowhere else.
 */
export function bindOperations<Port extends object>(
  operations: { readonly [K in keyof Port]: object },
  port: Port,
): BoundOperation[] {
  return (Object.keys(operations) as (keyof Port & string)[]).map((name) => {
    const operation = operations[name] as AnyOperation;
    const method = port[name] as (request: unknown, context: Context) => unknown;
    const call = (request: unknown, context: Context) => {
      refuseNul(request);
      return method.call(port, request, context);
    };
    return { operation, call } as BoundOperation;
  });
}

/** PostgreSQL has no NUL in text: such a request would fail deep inside, and nobody means it. */
function refuseNul(request: unknown): void {
  if (!JSON.stringify(request).includes('\\u0000')) return;
  throw new AppError('invalid_argument', 'The request has a NUL character in a text.');
}
