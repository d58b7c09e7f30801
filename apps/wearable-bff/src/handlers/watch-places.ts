import { AppError, type Context } from '@bff/core';

type Watch<Req, Res> = (request: Req, context: Context) => AsyncIterable<Res>;

export interface WatchLimits {
  /** In this process. */
  readonly max: number;
  readonly maxPerUser: number;
}

/** Bounds how many streams are open: each holds memory for as long as it lasts, and no rate limit sees that. */
export class WatchPlaces {
  readonly #limits: WatchLimits;
  readonly #ofUser = new Map<string, number>();
  #taken = 0;

  constructor(limits: WatchLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  /** The same watch, refused with `unavailable` or `resource_exhausted` where there is no place. */
  limit<Req, Res>(watch: Watch<Req, Res>): Watch<Req, Res> {
    const take = (user: string) => this.#take(user);
    return async function* (request, context) {
      const giveBack = take(context.principal?.subject ?? '');
      try {
        yield* watch(request, context);
      } finally {
        giveBack();
      }
    };
  }

  #take(user: string): () => void {
    const own = this.#ofUser.get(user) ?? 0;
    if (own >= this.#limits.maxPerUser) {
      throw new AppError(
        'resource_exhausted',
        'Too many orders are watched at the same time; stop watching one.',
      );
    }
    if (this.#taken >= this.#limits.max) {
      throw new AppError('unavailable', 'There is no room for another watch; try again later.', {
        retryAfterMs: 5_000,
      });
    }
    this.#taken++;
    this.#ofUser.set(user, own + 1);
    return () => {
      this.#taken--;
      const left = (this.#ofUser.get(user) ?? 1) - 1;
      if (left > 0) this.#ofUser.set(user, left);
      else this.#ofUser.delete(user);
    };
  }
}
