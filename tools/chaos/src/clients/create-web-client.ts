import { createEventStreams } from '../streams/open-event-stream.ts';
import type { AskAddresses } from './ask-addresses.ts';
import { basket, cardToken, type Client, type ClientOptions } from './client.ts';
import { createHttpClient } from './http-request.ts';

/** A browser at web-bff: reads an order, buys with an Idempotency-Key. */
export function createWebClient(
  { addresses, readerToken, buyerToken }: ClientOptions,
  ask: AskAddresses,
): Client {
  const http = createHttpClient();
  return {
    name: 'web',
    read: () =>
      ask({
        repeatable: true,
        send: (address) =>
          http.send(
            address,
            {
              method: 'GET',
              path: '/v1/orders/ord_0001',
              headers: { authorization: `Bearer ${readerToken}` },
            },
            (body) => readComplete(body),
          ),
      }),
    buy: (key) =>
      ask({
        repeatable: true,
        send: (address) =>
          http.send<string>(
            address,
            {
              method: 'POST',
              path: '/v1/checkouts',
              headers: {
                authorization: `Bearer ${buyerToken}`,
                'content-type': 'application/json',
                'idempotency-key': key,
              },
              body: JSON.stringify({ ...basket, methodToken: cardToken }),
            },
            (body) => ({ kind: 'done', value: (JSON.parse(body) as { orderId: string }).orderId }),
          ),
      }),
    streams: createEventStreams(addresses, buyerToken),
    close: () => http.close(),
  };
}

/** Complete, or with a part missing, which docs/clients.md says to show; both are an answer. */
function readComplete(body: string) {
  const { orderId, meta } = JSON.parse(body) as { orderId?: string; meta?: { sources: unknown[] } };
  return orderId === 'ord_0001'
    ? ({ kind: 'done', value: orderId, isPartial: (meta?.sources.length ?? 0) > 0 } as const)
    : ({ kind: 'refused', detail: `not an order: ${body.slice(0, 160)}` } as const);
}
