import { AppError } from '@bff/core';

export interface StreamPlacesOptions {
  /** Streams that this process serves at the same time. */
  max: number;
  /** Streams of one user. */
  maxPerUser: number;
}

export interface StreamPlaces {
  /** Takes a place; the returned function gives it back. Throws `unavailable` or `resource_exhausted` when there is none. */
  take(user: string): () => void;
  taken(): number;
}

const retryAfterMs = 5_000;

/** Bounds the streams of one process, which pass by the limit on requests because they last. */
export function createStreamPlaces({ max, maxPerUser }: StreamPlacesOptions): StreamPlaces {
  const perUser = new Map<string, number>();
  let taken = 0;
  return {
    taken: () => taken,
    take(user) {
      const own = perUser.get(user) ?? 0;
      if (own >= maxPerUser) {
        const message = `At most ${maxPerUser} event streams may be open at the same time; close one.`;
        throw new AppError('resource_exhausted', message, { retryAfterMs });
      }
      if (taken >= max) {
        throw new AppError('unavailable', 'There is no room for another event stream here.', {
          retryAfterMs,
        });
      }
      taken++;
      perUser.set(user, own + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken--;
        const left = (perUser.get(user) ?? 1) - 1;
        if (left === 0) perUser.delete(user);
        else perUser.set(user, left);
      };
    },
  };
}
