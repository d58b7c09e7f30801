import type { ProcessKit } from './process-kit.ts';

export interface ReadReport {
  onFollow(read: string): void;
  onUntold(error: unknown): void;
}

/** For `shareReads` of `@bff/aggregation`: a metric of the reads that were shared, and a log line when a write reached no other instance's cache. */
export function createReadReport({ metrics, logger }: ProcessKit): ReadReport {
  const followed = metrics.counter('coalesced_reads_total', 'Reads that shared the call of another.', [
    'read',
  ]);
  return {
    onFollow: (read) => {
      followed.inc({ read });
    },
    onUntold: (error) => {
      logger.warn({ err: error as Error }, 'the other instances’ caches do not know of a write');
    },
  };
}
