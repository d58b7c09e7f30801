import type { Clock } from '@bff/core';
import { createAnswerCache, type AnswerCache } from './cache/answer-cache.ts';
import type { CacheTimes } from './cache/cache-rule.ts';
import { invalidateOnWrite } from './cache/invalidate-on-write.ts';
import { shareInvalidation, type InvalidationChannel } from './cache/share-invalidation.ts';
import { coalesceReads, separateReads } from './coalesce/coalesce-reads.ts';
import { createCoalescer, type Coalescer, type CoalescerOptions } from './coalesce/coalescer.ts';

export interface ShareReadsOptions<Ports extends object> extends Omit<CoalescerOptions, 'clock'> {
  ports: Ports;
  clock: Clock;
  /** Identical reads in flight share one call. */
  coalesce: boolean;
  /** All 0: nothing is kept. */
  cacheTimes: CacheTimes;
  /** All kept answers together. */
  cacheMaxBytes: number;
  /** To the other instances, whose writes take answers away here. It is used when answers are kept. */
  channel: InvalidationChannel;
  /** Told when the others could not be told of a write: they give what they have kept for as long as its times allow. */
  onUntold?: (error: unknown) => void;
}

export interface SharedReads<Ports> {
  /** For use cases that read. */
  readonly ports: Ports;
  /** For use cases that write: their own reads are never shared, and their writes end the sharing of those of others. */
  readonly writePorts: Ports;
  /** For the options of the overviews; undefined when nothing is kept. */
  readonly cache: AnswerCache | undefined;
  readonly cacheTimes: CacheTimes;
  /** For `/info`. */
  state(): {
    readonly flights: number;
    readonly answers: { readonly entries: number; readonly bytes: number };
  };
  /** Listens to the other instances no longer. */
  close(): void;
}

/** Puts coalescing and caching, as configured, between a BFF's use cases and its services. */
export function shareReads<Ports extends object>(options: ShareReadsOptions<Ports>): SharedReads<Ports> {
  const { ports, cacheTimes, coalesce } = options;
  const coalescer = createCoalescer(options);
  const cache = openCache(options, coalescer);
  const withCache = (all: Ports) => (cache ? invalidateOnWrite(all, cache) : all);
  return {
    ports: withCache(coalesce ? coalesceReads(ports, coalescer) : ports),
    writePorts: withCache(coalesce ? separateReads(ports, coalescer) : ports),
    cache,
    cacheTimes,
    state: () => ({ flights: coalescer.flights(), answers: cache?.state() ?? { entries: 0, bytes: 0 } }),
    close() {
      cache?.close();
    },
  };
}

function openCache<Ports extends object>(options: ShareReadsOptions<Ports>, coalescer: Coalescer) {
  const { clock, cacheTimes, cacheMaxBytes: maxBytes, channel, onUntold = () => undefined } = options;
  const { freshMs, staleWhileRevalidateMs, staleIfErrorMs } = cacheTimes;
  if (freshMs + staleWhileRevalidateMs + staleIfErrorMs === 0) return undefined;
  const cache = createAnswerCache({
    clock,
    maxBytes,
    // An answer that began before the write would else be kept by whoever joined it after.
    onInvalidated: () => {
      coalescer.startAllAnew();
    },
  });
  return shareInvalidation(cache, channel, onUntold);
}
