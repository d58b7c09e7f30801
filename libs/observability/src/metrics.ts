import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createUpstreamMetrics, type UpstreamMetrics } from './upstream-metrics.ts';

/** Seconds; fine where a gateway's answers lie, coarse at the deadlines. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface RequestObservation {
  /** The route template, never the raw path: labels stay bounded. */
  route: string;
  method: string;
  /** HTTP status code, or gRPC status name. */
  status: string;
  durationMs: number;
}

export interface AttemptObservation {
  /** `order-service`. */
  upstream: string;
  /** Address of the instance that was tried. */
  endpoint: string;
  operation: string;
  /** `ok` or an error code. */
  outcome: string;
  durationMs: number;
}

/** Rate, errors and duration per route, per upstream and per instance; one registry a process. */
export interface Metrics extends UpstreamMetrics {
  httpRequest(observation: RequestObservation): void;
  rpcRequest(observation: RequestObservation): void;
  upstreamAttempt(observation: AttemptObservation): void;
  /** For what an app counts beyond that. */
  counter(name: string, help: string, labelNames?: readonly string[]): Counter;
  gauge(name: string, help: string, labelNames?: readonly string[]): Gauge;
  /** The Prometheus text format. */
  expose(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(labels: { service: string; instance: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry });
  const histogram = (name: string, help: string, labelNames: string[]) =>
    new Histogram({ name, help, labelNames, buckets: durationBuckets, registers: [registry] });

  const http = histogram('http_server_request_duration_seconds', 'HTTP requests served.', [
    'route',
    'method',
    'status',
  ]);
  const rpc = histogram('rpc_server_call_duration_seconds', 'gRPC calls served.', [
    'route',
    'method',
    'status',
  ]);
  const upstream = histogram(
    'upstream_attempt_duration_seconds',
    'Attempts to call an instance of an upstream.',
    ['upstream', 'endpoint', 'operation', 'outcome'],
  );
  const observeRequest = (target: Histogram, { route, method, status, durationMs }: RequestObservation) => {
    target.observe({ route, method, status }, durationMs / 1000);
  };
  return {
    httpRequest: (observation) => {
      observeRequest(http, observation);
    },
    rpcRequest: (observation) => {
      observeRequest(rpc, observation);
    },
    upstreamAttempt: ({ durationMs, ...attempt }) => {
      upstream.observe(attempt, durationMs / 1000);
    },
    ...createUpstreamMetrics(registry),
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers: [registry] }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers: [registry] }),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
