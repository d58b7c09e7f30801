import type { Clock } from '@bff/core';

/**
 * What others have asked for and not stored is waited for as long, in milliseconds, from when the store is seen again: longer than
 * a lost connection takes to come back (2 s at most) and new tokens are offered again.
 */
export const graceMs = 3_000;
/** Of a store that is away again and again, and for its waiters never: no longer than this in a row, in milliseconds. */
const longestGraceMs = 3 * graceMs;

/** A store that was away may have lost the last marks, and its leases: for a while nobody is to ask the issuer. */
export interface StoreGrace {
  storeWasAway(): void;
  /** For one who waits: whether it is still to be waited. He has seen the store himself meanwhile. */
  begin(): () => boolean;
}

export function createStoreGrace(clock: Clock): StoreGrace {
  let lastAwayAt = -Infinity;
  return {
    storeWasAway() {
      lastAwayAt = clock.now();
    },
    begin() {
      let since: number | undefined;
      return () => {
        const at = clock.now();
        if (at - lastAwayAt >= graceMs) since = undefined;
        else since ??= at;
        return since !== undefined && at - since < longestGraceMs;
      };
    },
  };
}
