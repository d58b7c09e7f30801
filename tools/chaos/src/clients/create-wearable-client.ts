import { status, type ServiceError } from '@grpc/grpc-js';
import { createWatches } from '../streams/open-watch.ts';
import type { AskAddresses } from './ask-addresses.ts';
import type { Attempt } from './attempt.ts';
import type { Client, ClientOptions } from './client.ts';
import { openWearableChannel } from './wearable-channel.ts';

const timeLimitMs = 2_500;
const repeatable: readonly number[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.RESOURCE_EXHAUSTED,
];

/** A watch at wearable-bff. It only looks; buying is for larger screens. */
export function createWearableClient(
  { addresses, readerToken, buyerToken, workspaceRoot }: ClientOptions & { workspaceRoot: string },
  ask: AskAddresses,
): Client {
  const channel = openWearableChannel(addresses, workspaceRoot);
  const glance = (address: string) =>
    new Promise<Attempt>((resolve) => {
      const options = { token: readerToken, timeoutMs: timeLimitMs };
      channel.getOrderGlance(address, { orderId: 'ord_0001' }, options, (error, value) => {
        const { unavailable = [] } = (value ?? {}) as { unavailable?: unknown[] };
        resolve(error ? classify(error) : { kind: 'done', value, isPartial: unavailable.length > 0 });
      });
    });
  return {
    name: 'wearable',
    read: () => ask({ repeatable: true, send: glance }),
    streams: createWatches(channel, addresses, buyerToken),
    close() {
      channel.close();
      return Promise.resolve();
    },
  };
}

function classify({ code, details }: ServiceError): Attempt {
  const detail = `${status[code]}: ${details}`;
  // The library's own words for a call that no connection was there for.
  if (code === status.UNAVAILABLE && details.startsWith('No connection established'))
    return { kind: 'unsent', detail };
  return { kind: repeatable.includes(code) ? 'unclear' : 'refused', detail };
}
