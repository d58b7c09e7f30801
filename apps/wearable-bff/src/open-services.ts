import { shareReads, type SharedReads } from '@bff/aggregation';
import { readAnswerOptions, type ClientIdentity, type ProcessKit } from '@bff/server-kit';
import { createWatchedServices, type Services } from '@bff/upstream';
import type { WearableBffConfiguration } from './config.ts';

export interface OpenedServices extends Omit<Services, 'ports'> {
  /** Reads that are in flight or kept are shared; streams go where streams are offered. */
  readonly reads: SharedReads<Services['ports']>;
}

/** The services as wearable-bff uses them. */
export function openServices(
  configuration: WearableBffConfiguration,
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
