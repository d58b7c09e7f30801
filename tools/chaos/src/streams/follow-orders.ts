import type { Clock } from '@bff/core';
import { followOrder, type EndedStream } from './follow-order.ts';
import type { StepFindings } from './followed-order.ts';
import type { OrderStream, StreamKind } from './order-stream.ts';

export interface FollowResult extends StepFindings {
  readonly orders: number;
  readonly ends: readonly EndedStream[];
}

export interface FollowOptions {
  kinds: readonly StreamKind[];
  clock: Clock;
  random: () => number;
}

export interface Following {
  /** An order that was just made; somebody follows it if somebody has nothing to follow. */
  offer(orderId: string): void;
  /** No further orders; resolves when those that are followed are delivered, or their time is over. */
  stop(): Promise<FollowResult>;
}

/** Clients of each kind that follow an order at the same time. */
const followersPerKind = 3;
/** For so long an order may take to its door once nothing goes wrong any more. */
const deliveryLimitMs = 20_000;

/** Clients with long-lived streams: each follows an order to its door, then takes the next. */
export function followOrders({ kinds, clock, random }: FollowOptions): Following {
  const idle: ((orderId: string | undefined) => void)[] = [];
  const open = new Set<OrderStream>();
  const results: Omit<FollowResult, 'orders'>[] = [];
  let isStopping = false;
  let isOver = false;
  const nextOrder = () =>
    new Promise<string | undefined>((resolve) => {
      if (isStopping) resolve(undefined);
      else idle.push(resolve);
    });
  const work = async (kind: StreamKind) => {
    for (let orderId = await nextOrder(); orderId !== undefined; orderId = await nextOrder()) {
      results.push(await followOrder({ kind, orderId, clock, random, open, isOver: () => isOver }));
    }
  };
  const followers = kinds.flatMap((kind) => Array.from({ length: followersPerKind }, () => work(kind)));
  return {
    offer: (orderId) => idle.shift()?.(orderId),
    async stop() {
      isStopping = true;
      for (const resolve of idle.splice(0)) resolve(undefined);
      const stopTimer = clock.after(deliveryLimitMs, () => {
        isOver = true;
        for (const stream of open) stream.close();
      });
      await Promise.all(followers);
      stopTimer();
      return {
        orders: results.length,
        ends: results.flatMap(({ ends }) => ends),
        missed: results.flatMap(({ missed }) => missed),
        repeated: results.flatMap(({ repeated }) => repeated),
      };
    },
  };
}
