import type { Call, Context } from '@bff/core';
import type { Coalescer } from './coalescer.ts';

/** What the services' ports call their reads; `watch` is shared elsewhere, everything else writes. */
const reads: ReadonlySet<string> = new Set(['get', 'list']);
const streams: ReadonlySet<string> = new Set(['watch']);

type AnyCall = Call<unknown, unknown>;

/**
 * The same ports, with identical reads in flight sharing one call (`orders.get`, `payments.list`, …). After a write its
 * caller's next reads are calls of their own, so everybody reads what he wrote.
 */
export function coalesceReads<Ports extends object>(ports: Ports, coalescer: Coalescer): Ports {
  const decorated = Object.entries(ports).map(([name, port]) => [
    name,
    decoratePort(name, port as Record<string, AnyCall>, coalescer),
  ]);
  // Object.fromEntries forgets which key has which type; every port keeps its own.
  return Object.fromEntries(decorated) as Ports;
}

function decoratePort(portName: string, port: Record<string, AnyCall>, coalescer: Coalescer): object {
  const methods = Object.entries(port).map(([name, method]) => {
    const call: AnyCall = (request, context) => method.call(port, request, context);
    if (streams.has(name)) return [name, call];
    if (reads.has(name)) return [name, coalescer.filter<unknown, unknown>(`${portName}.${name}`)(call)];
    return [name, afterwardsAnew(call, coalescer)];
  });
  return Object.fromEntries(methods) as object;
}

function afterwardsAnew(write: AnyCall, coalescer: Coalescer): AnyCall {
  return async (request: unknown, context: Context) => {
    try {
      return await write(request, context);
    } finally {
      // Failed writes too: a lost answer says nothing about what was done.
      coalescer.startAnew(context);
    }
  };
}
