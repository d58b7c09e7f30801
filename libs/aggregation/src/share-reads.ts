import type { Clock } from '@bff/core';
import { createAnswerCache, type AnswerCache } from './cache/answer-cache.ts';
import type { CacheTimes } from './cache/cache-rule.ts';
import { invalidateOnWrite } from './cache/invalidate-on-write.ts';
import { coalesceReads } from './coalesce/coalesce-reads.ts';
import { createCoalescer, type CoalescerOptions } from './coalesce/coalescer.ts';

export interface ShareReadsOptions<Ports extends object> extends Omit<CoalescerOptions, 'clock'> {
  ports: Ports;
  clock: Clock;
  /** Identical reads in flight share one call. */
  coalesce: boolean;
  /** All 0: nothing is kept. */
  cacheTimes: CacheTimes;
  /** All kept answers together. */
  cacheMaxBytes: number;
}

export interface SharedReads<Ports> {
  /** For all use cases, reading and writing ones alike. */
  readonly ports: Ports;
  /** For the options of the overviews; undefined when nothing is kept. */
  readonly cache: AnswerCache | undefined;
  readonly cacheTimes: CacheTimes;
  /** For `/info`. */
  state(): {
    readonly flights: number;
    readonly answers: { readonly entries: number; readonly bytes: number };
  };
}

/** Puts coalescing and caching, as configured, between a BFF's use cases and its services. */
export function shareReads<Ports extends object>(options: ShareReadsOptions<Ports>): SharedReads<Ports> {
  const { clock, cacheTimes, cacheMaxBytes: maxBytes } = options;
  const keeps = cacheTimes.freshMs + cacheTimes.staleWhileRevalidateMs + cacheTimes.staleIfErrorMs > 0;
  const cache = keeps ? createAnswerCache({ clock, maxBytes }) : undefined;
  const coalescer = createCoalescer(options);
  const shared = options.coalesce ? coalesceReads(options.ports, coalescer) : options.ports;
  return {
    ports: cache ? invalidateOnWrite(shared, cache) : shared,
    cache,
    cacheTimes,
    state: () => ({ flights: coalescer.flights(), answers: cache?.state() ?? { entries: 0, bytes: 0 } }),
  };
}
