import type { Context } from '@bff/core';
import { logFields } from '@bff/observability';
import type { ProcessKit } from './process-kit.ts';

/** What `@bff/upstream` tells of an attempt. */
interface AttemptEvent {
  readonly upstream: string;
  readonly operation: string;
  readonly endpoint: { readonly id: string };
  readonly code: string;
  readonly durationMs: number;
}

/** What `@bff/aggregation` tells of a source of an answer. */
interface SourceEvent {
  readonly source: string;
  readonly status: string;
  readonly code: string | undefined;
  readonly durationMs: number;
}

/** Where a BFF's services report to. */
export interface ServiceReport {
  /** For `createServices({ onAttempt })`. */
  readonly attempt: (event: AttemptEvent) => void;
  /** For the use cases' `onSource`. */
  readonly source: (event: SourceEvent, error: unknown, context: Context) => void;
}

/** Metrics of every attempt and every source; a log line with the cause for each source that is missing. */
export function createServiceReport({ metrics, logger }: ProcessKit): ServiceReport {
  const sources = metrics.counter(
    'aggregation_sources_total',
    'Sources of composed answers by how they ended.',
    ['source', 'status'],
  );
  return {
    attempt: ({ upstream, endpoint, operation, code, durationMs }) => {
      metrics.upstreamAttempt({ upstream, endpoint: endpoint.id, operation, outcome: code, durationMs });
    },
    source: ({ source, status, code, durationMs }, error, context) => {
      sources.inc({ source, status });
      // The client's own mistakes, an order that is not there, are no failure of a source.
      if (code !== 'upstream_failed' && code !== 'deadline_exceeded') return;
      const fields = { source, status, code, durationMs: Math.round(durationMs) };
      logger.warn({ ...logFields(context), ...fields, err: error as Error }, 'a source is missing');
    },
  };
}
