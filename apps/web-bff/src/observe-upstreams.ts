import type { OnSource } from '@bff/aggregation';
import { logFields } from '@bff/observability';
import type { ProcessKit } from '@bff/server-kit';
import type { OnAttempt } from '@bff/upstream';

/** Counts every attempt at a service, by service, instance and outcome. */
export function observeAttempts({ metrics }: ProcessKit): OnAttempt {
  return ({ upstream, endpoint, operation, code, durationMs }) => {
    metrics.upstreamAttempt({ upstream, endpoint: endpoint.id, operation, outcome: code, durationMs });
  };
}

/** Counts how the sources of the answers ended, and logs the cause where a service is to blame. */
export function observeSources({ metrics, logger }: ProcessKit): OnSource {
  const sources = metrics.counter('aggregation_sources_total', 'Sources of composed answers.', [
    'source',
    'status',
  ]);
  return ({ source, status, code, durationMs }, error, context) => {
    sources.inc({ source, status });
    if (code !== 'upstream_failed' && code !== 'deadline_exceeded') return;
    logger.warn({ ...logFields(context), source, code, durationMs, err: error }, 'source failed');
  };
}
