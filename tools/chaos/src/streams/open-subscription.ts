import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType } from 'graphql-ws';
import { WebSocket } from 'undici';
import {
  readStep,
  type OpenStreamOptions,
  type OrderStream,
  type StreamEnd,
  type StreamKind,
} from './order-stream.ts';

const query = `subscription Follow($id: ID!, $after: String) {
  orderUpdated(id: $id, after: $after) { cursor changed order { shipment { status } } }
}`;

interface Message {
  type: MessageType;
  payload?: { data?: { orderUpdated: Update | null }; errors?: unknown };
}

interface Update {
  cursor: string;
  changed: string[];
  order: { shipment: { status: string } | null };
}

/** What a server that is well closes with: going away, service restart, try again later, done. */
const politeCodes = [1000, 1001, 1012, 1013];
const finalCodes: readonly number[] = [CloseCode.BadRequest, CloseCode.Unauthorized, CloseCode.Forbidden];
/** Until the subscription is open. */
const openLimitMs = 2_500;

/** A GraphQL subscription at mobile-bff (graphql-transport-ws), resumed by `after`. */
export function createSubscriptions(addresses: readonly string[], token: string): StreamKind {
  return {
    ...{ name: 'mobile subscription', addresses, tellsEveryStep: true },
    open: (options) => subscribe(options, token),
  };
}

function subscribe(
  { address, orderId, after, onOpen, onUpdate }: OpenStreamOptions,
  token: string,
): OrderStream {
  const { promise: ended, resolve: end } = Promise.withResolvers<StreamEnd>();
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, {
    protocols: [GRAPHQL_TRANSPORT_WS_PROTOCOL],
    headers: { authorization: `Bearer ${token}` },
  });
  const send = (message: object) => {
    socket.send(JSON.stringify(message));
  };
  const timer = setTimeout(() => {
    end({ polite: false, detail: 'did not open in time' });
    socket.close();
  }, openLimitMs);
  const take = ({ type, payload }: Message) => {
    if (type === MessageType.ConnectionAck) {
      clearTimeout(timer);
      onOpen();
      const variables = { id: orderId, ...(after !== undefined && { after }) };
      send({ type: MessageType.Subscribe, id: '1', payload: { query, variables } });
    } else if (type === MessageType.Ping) {
      send({ type: MessageType.Pong });
    } else if (type === MessageType.Next) {
      const update = payload?.data?.orderUpdated;
      if (update) onUpdate(readUpdate(update));
      else end({ polite: false, detail: JSON.stringify(payload) });
    } else if (type === MessageType.Error) {
      end({ polite: false, detail: JSON.stringify(payload) });
    } else if (type === MessageType.Complete) {
      end({ polite: true, detail: 'complete' });
    }
  };
  socket.addEventListener('open', () => {
    send({ type: MessageType.ConnectionInit });
  });
  socket.addEventListener('message', ({ data }) => {
    take(JSON.parse(String(data)) as Message);
  });
  // A close follows, with its code.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code, reason }) => {
    clearTimeout(timer);
    const refused = finalCodes.includes(code) && { refused: true as const };
    end({ polite: politeCodes.includes(code), detail: `${String(code)} ${reason}`, ...refused });
  });
  return {
    ended: ended.finally(() => {
      socket.close();
    }),
    close() {
      end({ polite: true, detail: 'closed' });
    },
  };
}

function readUpdate({ cursor, changed, order }: Update) {
  return { cursor, step: readStep(order.shipment?.status), isStep: changed.includes('SHIPMENT') };
}
