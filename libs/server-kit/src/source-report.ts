import type { Context } from '@bff/core';
import { logFields } from '@bff/observability';
import type { ProcessKit } from './process-kit.ts';

/** What `@bff/aggregation` tells of a source of an answer. */
interface SourceEvent {
  readonly source: string;
  readonly status: string;
  readonly code: string | undefined;
  readonly durationMs: number;
}

export type SourceReport = (event: SourceEvent, error: unknown, context: Context) => void;

/** For the use cases' `onSource`: a metric of every source, and a log line with the cause for each that is missing. */
export function createSourceReport({ metrics, logger }: ProcessKit): SourceReport {
  const sources = metrics.counter(
    'aggregation_sources_total',
    'Sources of composed answers by how they ended.',
    ['source', 'status'],
  );
  return ({ source, status, code, durationMs }, error, context) => {
    sources.inc({ source, status });
    // The client's own mistakes, an order that is not there, are no failure of a source.
    if (code !== 'upstream_failed' && code !== 'deadline_exceeded') return;
    const fields = { source, status, code, durationMs: Math.round(durationMs) };
    logger.warn({ ...logFields(context), ...fields, err: error as Error }, 'a source is missing');
  };
}
