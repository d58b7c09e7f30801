import { shareReads, type SharedReads } from '@bff/aggregation';
import { readAnswerOptions, type ClientIdentity, type ProcessKit } from '@bff/server-kit';
import { createWatchedServices, type WatchedServices } from '@bff/upstream';
import type { WebBffConfiguration } from './config.ts';

export interface OpenedServices extends Omit<WatchedServices, 'ports'> {
  /** Reads that are in flight or kept are shared; streams go where streams are offered. */
  readonly reads: SharedReads<WatchedServices['ports']>;
}

/** The services as web-bff uses them. */
export function openServices(
  configuration: WebBffConfiguration,
  { internalToken }: ClientIdentity,
  { clock, random, metrics }: ProcessKit,
): OpenedServices {
  const given = { clock, random, internalToken, metrics };
  const { ports, ...services } = createWatchedServices(configuration, given);
  const followed = metrics.counter('coalesced_reads_total', 'Reads that shared the call of another.', [
    'read',
  ]);
  return {
    ...services,
    reads: shareReads({
      ports,
      clock,
      ...readAnswerOptions(configuration),
      onFollow: (read) => {
        followed.inc({ read });
      },
    }),
  };
}
