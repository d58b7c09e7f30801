import { count, flag, milliseconds } from './variables.ts';

/** How a BFF reuses what services answer. Kept answers are off by default: they are not as new as the services. */
export const answerVariables = () => ({
  COALESCE_READS: flag(
    true,
    'Identical reads of one user that are in flight at the same time share one call.',
  ),
  CACHE_FRESH_MS: milliseconds(
    0,
    'How long an answer of a service is given again without asking; 0 for never.',
  ),
  CACHE_STALE_WHILE_REVALIDATE_MS: milliseconds(
    0,
    'How much longer it is given while a newer one is fetched; 0 for never.',
  ),
  CACHE_STALE_IF_ERROR_MS: milliseconds(
    0,
    'How much longer than fresh it is given when the service fails; 0 for never.',
  ),
  CACHE_MAX_BYTES: count(16_777_216, 'Room for answers that are kept, in bytes.'),
});

export interface AnswerConfiguration {
  readonly COALESCE_READS: boolean;
  readonly CACHE_FRESH_MS: number;
  readonly CACHE_STALE_WHILE_REVALIDATE_MS: number;
  readonly CACHE_STALE_IF_ERROR_MS: number;
  readonly CACHE_MAX_BYTES: number;
}

/** What `shareReads` of `@bff/aggregation` is told. */
export function readAnswerOptions(configuration: AnswerConfiguration) {
  return {
    coalesce: configuration.COALESCE_READS,
    cacheTimes: {
      freshMs: configuration.CACHE_FRESH_MS,
      staleWhileRevalidateMs: configuration.CACHE_STALE_WHILE_REVALIDATE_MS,
      staleIfErrorMs: configuration.CACHE_STALE_IF_ERROR_MS,
    },
    cacheMaxBytes: configuration.CACHE_MAX_BYTES,
  };
}
