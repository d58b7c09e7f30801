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
  /** Calls with the same key go to the same endpoint while it is well and not overloaded (`consistent_hash` only). */
  readonly affinityKey?: string;
  /** A stream counts as pending, but how long it lasts says nothing about load, and it is no probe. */
  readonly stream?: boolean;
  /** False when a failed attempt could not be tried again: others are preferred as probes. Default true. */
  readonly repeatable?: boolean;
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

/** A balancer whose endpoints change, by discovery, and whose health is checked. */
export interface ManagedBalancer extends Balancer {
  /**
   * Takes the list of endpoints as it is now: survivors keep their state, missing ones get no new lease and finish
   * what they have, new ones start slowly. An empty list is ignored, since discovery fails more often than all
   * instances go. Throws an Error when two endpoints share an id or a weight is not above 0.
   */
  update(endpoints: readonly Endpoint[]): void;
  /** What an active health check found; an unknown id is ignored. */
  setHealth(endpointId: string, healthy: boolean): void;
  /**
   * Whether another attempt would be a failover: all endpoints that the call has tried have been set aside meanwhile,
   * and there is another one that works as far as is known.
   */
  failsOver(tried: ReadonlySet<string>): boolean;
  /** Whether an instance that gets traffic, and accepts connections as far as is known, is not among these. */
  hasUntried(tried: ReadonlySet<string>): boolean;
}
