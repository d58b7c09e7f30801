import type { CancelTimer, Clock } from '@bff/core';
import type { Lease } from './key-value-store.ts';

export interface HoldLeaseOptions {
  clock: Clock;
  fence: number;
  timeToLiveMs: number;
  /** When the store was asked for the lease, by `clock.now()`: the lease may be counted from then, not from the answer. */
  askedAt: number;
  /** Whether it is still ours, and now for another `timeToLiveMs`. Rejects while the store is away. */
  renew(): Promise<boolean>;
  giveBack(): Promise<unknown>;
}

/** Keeps a lease alive until it is released: renewed every third of its time, so that one renewal may fail and the next still helps. */
export function holdLease(options: HoldLeaseOptions): Lease {
  const { clock, timeToLiveMs, renew, giveBack } = options;
  const ended = new AbortController();
  let released = false;
  let cancelRenewal: CancelTimer = () => undefined;
  let cancelExpiry: CancelTimer = () => undefined;

  const stop = () => {
    cancelRenewal();
    cancelExpiry();
  };
  const lose = () => {
    stop();
    if (!released) ended.abort(new Error('The lease was lost: it was not renewed in time.'));
  };
  const over = () => released || ended.signal.aborted;
  const expireAfter = (sinceMs: number) => {
    cancelExpiry();
    cancelExpiry = clock.after(Math.max(0, sinceMs + timeToLiveMs - clock.now()), lose);
  };
  const renewLater = () => {
    cancelRenewal = clock.after(timeToLiveMs / 3, () => void renewNow());
  };
  async function renewNow(): Promise<void> {
    const since = clock.now();
    // A store that is away may be back before the lease ends.
    const kept = await renew().catch(() => undefined);
    if (over()) return;
    if (kept === false) {
      lose();
      return;
    }
    if (kept) expireAfter(since);
    renewLater();
  }

  expireAfter(options.askedAt);
  renewLater();
  return {
    fence: options.fence,
    signal: ended.signal,
    async release() {
      if (over()) return;
      released = true;
      stop();
      // It ends by itself when the store cannot be told.
      await giveBack().catch(() => undefined);
    },
  };
}
