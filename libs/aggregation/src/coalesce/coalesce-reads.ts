import type { Call, Context, Filter } from '@bff/core';
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
  return decorate(ports, coalescer, (name) => coalescer.filter(name));
}

/**
 * The same ports for use cases that write. They decide by what they read, so each of their reads is a call of its own: one
 * that joined an older call could miss what was made since. Their writes end sharing as those of `coalesceReads` do.
 */
export function separateReads<Ports extends object>(ports: Ports, coalescer: Coalescer): Ports {
  return decorate(ports, coalescer, () => (call) => call);
}

function decorate<Ports extends object>(
  ports: Ports,
  coalescer: Coalescer,
  filterOf: (read: string) => Filter<unknown, unknown>,
): Ports {
  const decorated = Object.entries(ports).map(([portName, port]) => {
    const methods = Object.entries(port as Record<string, AnyCall>).map(([name, method]) => {
      const call: AnyCall = (request, context) => method.call(port, request, context);
      if (streams.has(name)) return [name, call];
      return [
        name,
        reads.has(name) ? filterOf(`${portName}.${name}`)(call) : afterwardsAnew(call, coalescer),
      ];
    });
    return [portName, Object.fromEntries(methods) as object];
  });
  // Object.fromEntries forgets which key has which type; every port keeps its own.
  return Object.fromEntries(decorated) as Ports;
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
