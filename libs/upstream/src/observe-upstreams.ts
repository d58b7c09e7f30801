import type { Metrics } from '@bff/observability';
import type { OnAttempt } from './account-outcome.ts';
import type { Upstream } from './upstream.ts';
import type { OnUpstreamEvent, UpstreamEvent } from './upstream-event.ts';

/** Counts what upstreams decide. */
export function countUpstreamEvents(metrics: Metrics): OnUpstreamEvent {
  return (event) => {
    if ('operation' in event) {
      const { upstream, operation, kind } = event;
      metrics.furtherAttempt({
        upstream,
        operation,
        event: kind,
        reason: 'because' in event ? event.because : '',
      });
    } else {
      const { upstream, kind } = event;
      const endpoint = 'endpoint' in event ? event.endpoint.id : '';
      metrics.upstreamDecision({ upstream, endpoint, event: kind, reason: reasonOf(event) });
    }
  };
}

function reasonOf(event: UpstreamEvent): string {
  if ('reason' in event) return event.reason;
  if (event.kind === 'returned') return event.by;
  return event.kind === 'panic' ? (event.active ? 'begins' : 'ends') : '';
}

/** Shows the instances and budgets of these upstreams at every scrape. Once per process. */
export function exposeUpstreams(metrics: Metrics, upstreams: readonly Upstream[]): void {
  metrics.watchUpstreams(() =>
    upstreams.map((upstream) => ({
      name: upstream.name,
      retryBudgetLeft: upstream.retryBudgetLeft(),
      endpoints: upstream.endpoints(),
    })),
  );
}

/** Counts every attempt at a service, by service, instance, operation and outcome. */
export function countAttempts(metrics: Pick<Metrics, 'upstreamAttempt'>): OnAttempt {
  return ({ upstream, endpoint, operation, code, durationMs }) => {
    metrics.upstreamAttempt({ upstream, endpoint: endpoint.id, operation, outcome: code, durationMs });
  };
}
