import type { Call, Context } from '@bff/core';
import type { StreamOperation, UnaryOperation } from '@bff/contracts';

export type StreamCall<Req, Res> = (request: Req, context: Context) => AsyncIterable<Res>;

/** A service's operations by the names of its port (`orderOperations`). */
export type OperationTable = Readonly<
  Record<string, UnaryOperation<unknown, unknown> | StreamOperation<unknown, unknown>>
>;

/** The port that a table of operations describes; the inverse of `OperationsOf`. */
export type PortOf<Operations> = {
  [K in keyof Operations]: Operations[K] extends UnaryOperation<infer Req, infer Res>
    ? Call<Req, Res>
    : Operations[K] extends StreamOperation<infer Req, infer Res>
      ? StreamCall<Req, Res>
      : never;
};

export interface CallFactory {
  unary<Req, Res>(operation: UnaryOperation<Req, Res>): Call<Req, Res>;
  stream<Req, Res>(operation: StreamOperation<Req, Res>): StreamCall<Req, Res>;
}

/** Makes each operation callable. */
export function createPort<Operations extends OperationTable>(
  operations: Operations,
  calls: CallFactory,
): PortOf<Operations> {
  const port = Object.entries(operations).map(([name, operation]) => [
    name,
    operation.kind === 'unary' ? calls.unary(operation) : calls.stream(operation),
  ]);
  // Object.fromEntries forgets which key has which type.
  return Object.fromEntries(port) as PortOf<Operations>;
}
