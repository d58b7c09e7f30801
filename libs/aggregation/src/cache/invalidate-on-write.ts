import type { Call, Context } from '@bff/core';
import type { AnswerCache } from './answer-cache.ts';
import { orderTag, userTag } from './cache-rule.ts';

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

type AnyCall = Call<unknown, unknown>;

/**
 * The same ports; every write, `orders.cancel` and the like, takes away the answers about its order, and all of the
 * writer's own. Failed writes too: a lost answer says nothing about what was done.
 */
export function invalidateOnWrite<Ports extends object>(
  ports: Ports,
  cache: Pick<AnswerCache, 'invalidate'>,
): Ports {
  const decorated = Object.entries(ports).map(([name, port]) => [
    name,
    Object.fromEntries(
      Object.entries(port as Record<string, AnyCall>).map(([method, call]) => [
        method,
        reads.has(method) ? call : thenInvalidate(call, cache),
      ]),
    ),
  ]);
  // Object.fromEntries forgets which key has which type; every port keeps its own.
  return Object.fromEntries(decorated) as Ports;
}

function thenInvalidate(write: AnyCall, cache: Pick<AnswerCache, 'invalidate'>): AnyCall {
  return async (request: unknown, context: Context) => {
    let response: unknown;
    try {
      response = await write(request, context);
      return response;
    } finally {
      const orders = [request, response].flatMap(orderIdOf);
      const users = context.principal ? [userTag(context.principal.subject)] : [];
      cache.invalidate([...orders.map(orderTag), ...users]);
    }
  };
}

function orderIdOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('orderId' in value)) return [];
  return typeof value.orderId === 'string' ? [value.orderId] : [];
}
