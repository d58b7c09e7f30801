import type { Endpoint, EndpointSnapshot } from './endpoint.ts';
import type { Outcome } from './outcome.ts';

/** The right to make one attempt at one endpoint; counts as load of that endpoint until it is done. */
export interface Lease {
  readonly endpoint: Endpoint;
  /** Ends the lease. Exactly once: further calls change nothing. */
  done(outcome: Outcome): void;
}

export interface AcquireOptions {
  /** Ids of endpoints this call has tried already; they are chosen only when there is no other. */
  readonly exclude?: ReadonlySet<string>;
}

/**
 * Chooses the instance for each attempt and learns from how it ended. Callers acquire and say how it went;
 * how endpoints are found, picked, ejected and probed is behind this interface.
 */
export interface Balancer {
  /** Picks an endpoint, without waiting. Throws `unavailable` when there is none at all. */
  acquire(options?: AcquireOptions): Lease;
  /** Every known endpoint as it is now. */
  endpoints(): readonly EndpointSnapshot[];
  /** Stops background work (probes, re-resolution). Leases still out may be done afterwards. */
  close(): void;
}
