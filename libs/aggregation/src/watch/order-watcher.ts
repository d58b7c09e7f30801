import { AppError, throwIfEnded, type Context } from '@bff/core';
import type { WatchedSource } from './order-change.ts';
import type { HubMember, OrderHub } from './order-hub.ts';
import { OrderReading, type Delivery, type OrderOverviewUpdate } from './order-reading.ts';
import type { Start } from './reading-position.ts';

export interface OrderWatcherOptions {
  context: Context;
  sources: readonly WatchedSource[];
  delivery: Delivery;
  /** Finds out where to begin, by the reader's own right. */
  begin: (context: Context) => Promise<Start>;
  /** The hub to join; its last reader's leaving is its end, so it is asked for at the last moment. */
  hub: () => OrderHub;
  /** Calls back when changes that should come again have not; returns what calls that off. */
  onPatienceEnd: (run: () => void) => () => void;
}

type Result = IteratorResult<OrderOverviewUpdate, undefined>;

const atEnd: Result = { done: true, value: undefined };

/**
 * One reader's updates. An iterator by hand and no generator: `return` must end a `next` that waits, since servers end
 * subscriptions that way, and a generator would queue it until the next change.
 */
export class OrderWatcher implements AsyncIterableIterator<OrderOverviewUpdate, undefined>, HubMember {
  readonly context: Context;
  readonly sources: readonly WatchedSource[];
  readonly #options: OrderWatcherOptions;
  #reading: OrderReading | undefined;
  #callOffPatience: () => void = () => undefined;
  #ended = false;
  /** Why it ended, until the reader has been told. */
  #failure: AppError | undefined;
  #news = Promise.withResolvers<undefined>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OrderWatcherOptions) {
    this.#options = options;
    this.context = options.context;
    this.sources = options.sources;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One after the other, however many are asked for at once. */
  next(): Promise<Result> {
    const result = this.#turn.then(async () => this.#pull());
    this.#turn = result.catch(() => undefined);
    return result;
  }

  return(): Promise<Result> {
    this.#end(undefined);
    return Promise.resolve(atEnd);
  }

  wake(): void {
    this.#news.resolve(undefined);
  }

  fail(error: AppError): void {
    this.#end(error);
  }

  async #pull(): Promise<Result> {
    try {
      for (;;) {
        const update = (await this.#readingOnceBegun())?.take();
        if (update) return { done: false, value: update };
        if (this.#ended) break;
        this.#news = Promise.withResolvers();
        await this.#news.promise;
      }
    } catch (thrown) {
      this.#end(AppError.from(thrown));
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    return atEnd;
  }

  /** Undefined after the end. */
  async #readingOnceBegun(): Promise<OrderReading | undefined> {
    if (this.#ended) return undefined;
    if (this.#reading) return this.#reading;
    throwIfEnded(this.context);
    this.context.signal.addEventListener('abort', this.#leave, { once: true });
    const start = await this.#options.begin(this.context);
    return this.#join(start);
  }

  #join(start: Start): OrderReading | undefined {
    // The reader may have left meanwhile.
    if (this.#ended) return undefined;
    const reading = new OrderReading(start, this.#options.hub(), this, this.#options.delivery);
    this.#reading = reading;
    if (start.awaited.size > 0) {
      this.#callOffPatience = this.#options.onPatienceEnd(() => {
        if (reading.losePatience()) this.wake();
      });
    }
    return reading;
  }

  readonly #leave = () => {
    this.#end(AppError.from(this.context.signal.reason));
  };

  #end(failure: AppError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.context.signal.removeEventListener('abort', this.#leave);
    this.#callOffPatience();
    this.#reading?.leave();
    this.wake();
  }
}
