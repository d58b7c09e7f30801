import type { Clock } from '@bff/core';
import { FollowedOrder } from './followed-order.ts';
import type { OrderStream, StreamEnd, StreamKind } from './order-stream.ts';

/** A stream that ended before its order was delivered. */
export interface EndedStream extends StreamEnd {
  readonly kind: string;
  /** How long there was none, until the next was open. */
  readonly gapMs: number;
}

export interface FollowOrderOptions {
  kind: StreamKind;
  orderId: string;
  clock: Clock;
  random: () => number;
  /** The streams that are open; whoever wants to end them all closes these. */
  open: Set<OrderStream>;
  /** Nobody waits for the delivery any more. */
  isOver: () => boolean;
}

/** As docs/clients.md has it, where a stream cannot be opened. */
const shortestPauseMs = 50;

/** Follows one order to its door: a stream that ends is opened again at once, at the other address, after what was seen last. */
export async function followOrder(options: FollowOrderOptions) {
  const { kind, clock, random, isOver } = options;
  const order = new FollowedOrder(options.orderId, kind.tellsEveryStep);
  const ends: EndedStream[] = [];
  let lost: { end: StreamEnd; at: number } | undefined;
  const note = (gapUntil: number) => {
    if (lost) ends.push({ kind: kind.name, ...lost.end, gapMs: gapUntil - lost.at });
    lost = undefined;
  };
  for (let turn = 0; !isOver(); turn++) {
    const { end, opened } = await readStream(
      order,
      kind.addresses[turn % kind.addresses.length] ?? '',
      options,
      () => {
        note(clock.now());
      },
    );
    if (order.isDelivered) break;
    if (opened) lost = { end, at: clock.now() };
    else await new Promise<void>((resolve) => clock.after(shortestPauseMs * (1 + 2 * random()), resolve));
    if (end.refused) {
      ends.push({ kind: kind.name, ...end, gapMs: 0 });
      break;
    }
  }
  return { ...order.findings(), ends };
}

async function readStream(
  order: FollowedOrder,
  address: string,
  { kind, orderId, open }: FollowOrderOptions,
  onOpen: () => void,
): Promise<{ end: StreamEnd; opened: boolean }> {
  let opened = false;
  const stream = kind.open({
    ...{ address, orderId, after: order.cursor },
    onOpen() {
      opened = true;
      onOpen();
    },
    onUpdate(update) {
      order.show(update);
      if (order.isDelivered) stream.close();
    },
  });
  open.add(stream);
  const end = await stream.ended;
  open.delete(stream);
  return { end, opened };
}
