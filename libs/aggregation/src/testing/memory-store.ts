import type { CancelTimer, Clock } from '@bff/core';
import type { CheckoutStore, StoreLease } from '../checkout/state-store.ts';

/** What survives the processes: one store for any number of instances. */
export interface MemoryStore {
  /** The store as one instance sees it; its leases are renewed as long as `isAlive`. */
  open(isAlive: () => boolean): CheckoutStore;
  readonly entries: ReadonlyMap<string, { value: string; version: string; until: number }>;
}

/** Can be left to itself. */
interface TestLease extends StoreLease {
  abandon(): void;
}

export function isTestLease(answer: unknown): answer is TestLease {
  return typeof answer === 'object' && answer !== null && 'abandon' in answer;
}

/** The promises of the shared state under virtual time. */
export function createMemoryStore(clock: Clock): MemoryStore {
  const entries = new Map<string, { value: string; version: string; until: number }>();
  const leases = new Map<string, { until: number }>();
  let versions = 0;
  const read = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.until > clock.now() ? entry : undefined;
  };
  const write = (key: string, value: string, timeToLiveMs: number) => {
    const version = String(++versions);
    entries.set(key, { value, version, until: clock.now() + timeToLiveMs });
    return version;
  };
  return {
    entries,
    open: (isAlive) => ({
      get: async (key) => read(key),
      set: async (key, value, { timeToLiveMs }) => write(key, value, timeToLiveMs),
      compareAndSet: async (key, expected, value, { timeToLiveMs }) =>
        read(key)?.version === expected ? write(key, value, timeToLiveMs) : undefined,
      delete: async (key, expected) => {
        const present = read(key);
        if (!present || (expected !== undefined && present.version !== expected)) return false;
        return entries.delete(key);
      },
      list: async (prefix, { limit, after = '' }) =>
        [...entries.entries()]
          .filter(([key]) => key.startsWith(prefix) && key > after && read(key))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([key, entry]) => ({ key, ...entry })),
      async acquireLease(name, { timeToLiveMs }) {
        if ((leases.get(name)?.until ?? 0) > clock.now()) return undefined;
        const held = { until: clock.now() + timeToLiveMs };
        leases.set(name, held);
        const renewal = keepRenewing(clock, timeToLiveMs / 3, () => {
          if (!isAlive() || leases.get(name) !== held) return false;
          held.until = clock.now() + timeToLiveMs;
          return true;
        });
        const lease: TestLease = {
          abandon: () => {
            renewal.stop();
          },
          signal: new AbortController().signal,
          release: async () => {
            renewal.stop();
            if (leases.get(name) === held) leases.delete(name);
          },
        };
        return lease;
      },
    }),
  };
}

function keepRenewing(clock: Clock, intervalMs: number, renew: () => boolean): { stop(): void } {
  let stopTimer: CancelTimer = () => undefined;
  const schedule = () => {
    stopTimer = clock.after(intervalMs, () => {
      if (renew()) schedule();
    });
  };
  schedule();
  return {
    stop: () => {
      stopTimer();
    },
  };
}
