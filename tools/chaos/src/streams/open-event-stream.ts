import { Agent, request } from 'undici';
import { readEvents } from './read-events.ts';
import { readStep, type OpenStreamOptions, type StreamEnd, type StreamKind } from './order-stream.ts';

/** The data of an event, as far as it is looked at. */
interface Data {
  changed: string[];
  order: { shipment: { status: string } | null };
}

const connectLimitMs = 500;
/** Until the head is there. */
const headLimitMs = 2_500;

/** Server-sent events at web-bff, resumed by Last-Event-ID. */
export function createEventStreams(addresses: readonly string[], token: string): StreamKind {
  const dispatcher = new Agent({
    connect: { timeout: connectLimitMs },
    bodyTimeout: 0,
    headersTimeout: headLimitMs,
  });
  return {
    ...{ name: 'web events', addresses, tellsEveryStep: true },
    open(options) {
      const leaving = new AbortController();
      return {
        ended: listen(options, token, dispatcher, leaving.signal),
        close: () => {
          leaving.abort();
        },
      };
    },
  };
}

async function listen(
  { address, orderId, after, onOpen, onUpdate }: OpenStreamOptions,
  token: string,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<StreamEnd> {
  try {
    const { statusCode, body } = await request(`${address}/v1/orders/${orderId}/events`, {
      ...{ dispatcher, signal },
      headers: {
        ...{ authorization: `Bearer ${token}`, accept: 'text/event-stream' },
        ...(after !== undefined && { 'last-event-id': after }),
      },
    });
    if (statusCode !== 200) {
      const detail = `${String(statusCode)} ${(await body.text()).slice(0, 160)}`;
      return { polite: false, detail, ...(statusCode < 500 && statusCode !== 429 && { refused: true }) };
    }
    onOpen();
    for await (const { id, data } of readEvents(body)) {
      const { changed, order } = JSON.parse(data) as Data;
      onUpdate({ cursor: id, step: readStep(order.shipment?.status), isStep: changed.includes('shipment') });
    }
    return { polite: true, detail: 'ended' };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { polite: false, detail: code ?? message };
  }
}
