import type { StreamOperation, UnaryOperation } from '@bff/contracts';
import type { Context } from '@bff/core';

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
    return { operation, call: method.bind(port) } as BoundOperation;
  });
}
