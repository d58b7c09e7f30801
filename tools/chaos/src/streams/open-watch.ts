import { status, type ServiceError } from '@grpc/grpc-js';
import type { WearableChannel } from '../clients/wearable-channel.ts';
import { readStep, type OrderStream, type StreamEnd, type StreamKind } from './order-stream.ts';

/** A message of WatchOrder, as far as it is looked at. */
interface Message {
  glance?: { stage?: string };
  revision: string;
}

const refusals: readonly number[] = [
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
];
/** What a connection that was lost under a stream is called by grpc-js; a server that ends one says something else. */
const lost = /^(Connection dropped|No connection established|.*ECONNRE|Received RST_STREAM|.*EPIPE)/;

/** WatchOrder at wearable-bff, resumed by `after_revision`. Only the latest is promised. */
export function createWatches(
  channel: WearableChannel,
  addresses: readonly string[],
  token: string,
): StreamKind {
  return {
    ...{ name: 'wearable watch', addresses, tellsEveryStep: false },
    open({ address, orderId, after, onOpen, onUpdate }): OrderStream {
      const { promise: ended, resolve: end } = Promise.withResolvers<StreamEnd>();
      const call = channel.watchOrder(address, { orderId, afterRevision: after ?? '' }, token);
      let isOpen = false;
      const opened = () => {
        if (!isOpen) onOpen();
        isOpen = true;
      };
      call.on('metadata', opened);
      call.on('data', (message: Message) => {
        opened();
        onUpdate({ cursor: message.revision, step: readStep(message.glance?.stage), isStep: true });
      });
      call.once('end', () => {
        end({ polite: true, detail: 'ended' });
      });
      call.once('error', ({ code, details }: ServiceError) => {
        const polite = code === status.UNAVAILABLE && isOpen && !lost.test(details);
        const refused = refusals.includes(code) && { refused: true as const };
        end({ polite, detail: `${status[code]}: ${details}`, ...refused });
      });
      return {
        ended,
        close() {
          end({ polite: true, detail: 'closed' });
          call.cancel();
        },
      };
    },
  };
}
