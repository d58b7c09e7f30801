/** One instance of a service. */
export interface Endpoint {
  /** Stable while the instance lives: `host:port`. Names the instance in metrics and in `/info`. */
  readonly id: string;
  /** `http://10.0.0.7:3000`, `grpc://10.0.0.7:50051`. */
  readonly url: string;
  /** Its share of the traffic relative to the others. Default 1; must be above 0. */
  readonly weight?: number;
}

/**
 * Why an instance gets no traffic:
 * - `connection`: refused or reset;
 * - `consecutive_failures`, `success_rate`: its results;
 * - `slow`: many times slower than its peers, for a while;
 * - `probe_failed`: it was asked once and failed again;
 * - `unhealthy`: its active health check says so.
 */
export type EjectionReason =
  'connection' | 'consecutive_failures' | 'success_rate' | 'slow' | 'probe_failed' | 'unhealthy';

/** An endpoint as it is now, for `/info` and metrics. A balancer that measures less leaves the optional fields out. */
export interface EndpointSnapshot extends Endpoint {
  /** `available` gets traffic, `ejected` none until it is probed, `draining` finishes what it has. */
  readonly state: 'available' | 'ejected' | 'draining';
  /** Leases not yet done. */
  readonly pending: number;
  /** Peak-sensitive moving average of the latency as it counts now; undefined before the first result. */
  readonly ewmaMs?: number | undefined;
  /** Share of successes in the last ten seconds; undefined without results. */
  readonly successRate?: number | undefined;
  /** Share of all picks since it is known. */
  readonly share?: number;
  readonly picks?: number;
  /** Why it is ejected. */
  readonly ejection?: EjectionReason | undefined;
  /** Milliseconds until it is probed; undefined unless it is ejected for its results. */
  readonly probeInMs?: number | undefined;
  /** 1 when warm; less during slow start. */
  readonly warmth?: number;
}
