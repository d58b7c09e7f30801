import type { OnSource } from '@bff/aggregation';
import { logFields } from '@bff/observability';
import type { ProcessKit } from '@bff/server-kit';
import type { OnAttempt } from '@bff/upstream';

export interface Reporter {
  readonly attempt: OnAttempt;
  readonly source: OnSource;
}

/** Metrics of every attempt and every source; a log line with the cause for each source that is missing. */
export function createReporter({ metrics, logger }: ProcessKit): Reporter {
  const sources = metrics.counter('aggregate_sources_total', 'Sources of answers by how they ended.', [
    'source',
    'status',
  ]);
  return {
    attempt: ({ upstream, endpoint, operation, code, durationMs }) =>
      metrics.upstreamAttempt({ upstream, endpoint: endpoint.id, operation, outcome: code, durationMs }),
    source({ source, status, code, durationMs }, error, context) {
      sources.inc({ source, status });
      if (status !== 'unavailable' && status !== 'timeout') return;
      // The client's own mistakes, an order that is not there, are no failure of a source.
      if (code === 'not_found' || code === 'invalid_argument') return;
      logger.warn(
        { ...logFields(context), source, status, durationMs: Math.round(durationMs), err: error },
        'source missing',
      );
    },
  };
}
