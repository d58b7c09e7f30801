import type { BalancerEvent } from '../balancer-event.ts';
import type { EjectionReason } from '../endpoint.ts';
import type { FailureKind } from '../outcome.ts';
import type { Percentiles } from './percentiles.ts';

/** One second of a run. */
export interface SimulatedSecond {
  readonly second: number;
  offered: number;
  succeeded: number;
  /** Of these, within `goodWithinMs`. */
  good: number;
  failed: number;
  readonly latenciesMs: number[];
  /** Attempts per instance. */
  readonly attempts: Record<string, number>;
  /** Calls that arrived in this second, by priority, and how many of them became good, whenever that was. */
  readonly arrived: Record<string, { offered: number; good: number }>;
}

export interface SimulatedEjection {
  readonly atMs: number;
  readonly id: string;
  readonly reason: EjectionReason;
  readonly forMs: number;
}

export interface SimulationResult {
  readonly offered: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Successes within `goodWithinMs` ÷ offered. */
  readonly goodShare: number;
  readonly attempts: number;
  readonly attemptsPerCall: number;
  /** Of the successes, from the call's start. */
  readonly latencyMs: Percentiles;
  /** Until a call that failed for overload was answered, from its start. */
  readonly rejectedMs: Percentiles;
  readonly instances: readonly { id: string; attempts: number; share: number; failures: number }[];
  readonly ejections: readonly SimulatedEjection[];
  readonly events: readonly { atMs: number; event: BalancerEvent }[];
  readonly timeline: readonly SimulatedSecond[];
  /** What the balancer still had when all was over; anything but 0 is a leak, or a call that never ended. */
  readonly pendingAtEnd: number;
}
