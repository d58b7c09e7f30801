import { Counter, Gauge, type Registry } from 'prom-client';

/** What an upstream decided about an instance. */
export interface UpstreamDecision {
  upstream: string;
  /** Address of the instance; empty when the decision is about all of them. */
  endpoint: string;
  /** `ejected`, `returned`, `panic`, … */
  event: string;
  /** `connection`, `slow`, …; empty when there is none. */
  reason: string;
}

/** A further attempt at a call, or one that was not made. */
export interface FurtherAttempt {
  upstream: string;
  operation: string;
  /** `retry`, `retry_denied`, `hedge`, `hedge_denied`, `hedge_won`. */
  event: string;
  /** The failure before it, or why there was none. */
  reason: string;
}

/** An instance as it is now. */
export interface EndpointReading {
  id: string;
  state: string;
  pending: number;
  picks?: number;
  ewmaMs?: number | undefined;
  warmth?: number;
}

/** An upstream as it is now. */
export interface UpstreamReading {
  name: string;
  retryBudgetLeft: number;
  endpoints: readonly EndpointReading[];
}

export interface UpstreamMetrics {
  upstreamDecision(decision: UpstreamDecision): void;
  furtherAttempt(attempt: FurtherAttempt): void;
  /** Reads the state of upstreams whenever the metrics are scraped. Once per registry. */
  watchUpstreams(read: () => readonly UpstreamReading[]): void;
}

export function createUpstreamMetrics(registry: Registry): UpstreamMetrics {
  const registers = [registry];
  const decisions = new Counter({
    name: 'upstream_decisions_total',
    help: 'Ejections, returns, probes, panics and changes of the list of instances, with the reason.',
    labelNames: ['upstream', 'endpoint', 'event', 'reason'],
    registers,
  });
  const further = new Counter({
    name: 'upstream_further_attempts_total',
    help: 'Retries and hedges, and those that were denied.',
    labelNames: ['upstream', 'operation', 'event', 'reason'],
    registers,
  });
  return {
    upstreamDecision: (decision) => decisions.inc({ ...decision }),
    furtherAttempt: (attempt) => further.inc({ ...attempt }),
    watchUpstreams: (read) => watchUpstreams(registry, read),
  };
}

/** Gauges that are filled at the scrape, so that instances that are gone disappear. */
function watchUpstreams(registry: Registry, read: () => readonly UpstreamReading[]): void {
  const perEndpoint = (
    name: string,
    help: string,
    valueOf: (endpoint: EndpointReading) => number | undefined,
  ) => {
    new Gauge({
      name,
      help,
      labelNames: ['upstream', 'endpoint'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { name: upstream, endpoints } of read()) {
          for (const endpoint of endpoints) {
            const value = valueOf(endpoint);
            if (value !== undefined) this.set({ upstream, endpoint: endpoint.id }, value);
          }
        }
      },
    });
  };
  perEndpoint('upstream_endpoint_available', 'Whether the instance gets traffic.', ({ state }) =>
    state === 'available' ? 1 : 0,
  );
  perEndpoint(
    'upstream_endpoint_pending',
    'Attempts that the instance has not answered.',
    ({ pending }) => pending,
  );
  perEndpoint(
    'upstream_endpoint_picks',
    'How often the instance was picked since it is known.',
    ({ picks }) => picks,
  );
  perEndpoint(
    'upstream_endpoint_warmth',
    'Share of its traffic that it gets while it ramps up.',
    ({ warmth }) => warmth,
  );
  perEndpoint('upstream_endpoint_ewma_seconds', 'Latency as the balancer sees it.', ({ ewmaMs }) =>
    ewmaMs === undefined ? undefined : ewmaMs / 1_000,
  );
  new Gauge({
    name: 'upstream_retry_budget_left',
    help: 'Retries and hedges that the upstream may still make.',
    labelNames: ['upstream'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, retryBudgetLeft } of read()) this.set({ upstream: name }, retryBudgetLeft);
    },
  });
}
