import type { BalancerEvent } from '../balancer-event.ts';
import type { EjectionReason } from '../endpoint.ts';
import type { FailureKind } from '../outcome.ts';
import { percentilesOf, type Percentiles } from './percentiles.ts';
import type { Scenario } from './scenario.ts';

/** One second of a run. */
export interface SimulatedSecond {
  readonly second: number;
  offered: number;
  succeeded: number;
  failed: number;
  readonly latenciesMs: number[];
  /** Attempts per instance. */
  readonly attempts: Record<string, number>;
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
  readonly instances: readonly { id: string; attempts: number; share: number; failures: number }[];
  readonly ejections: readonly SimulatedEjection[];
  readonly events: readonly { atMs: number; event: BalancerEvent }[];
  readonly timeline: readonly SimulatedSecond[];
  /** What the balancer still had when all was over; anything but 0 is a leak, or a call that never ended. */
  readonly pendingAtEnd: number;
}

/** Writes down what happens in a run. */
export class Recorder {
  readonly #scenario: Scenario;
  readonly #timeline: SimulatedSecond[] = [];
  readonly #instances = new Map<string, { attempts: number; failures: number }>();
  readonly #events: { atMs: number; event: BalancerEvent }[] = [];
  readonly #failures: Partial<Record<FailureKind, number>> = {};
  #good = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    for (const { id } of scenario.instances) this.#instances.set(id, { attempts: 0, failures: 0 });
  }

  offered(now: number): void {
    this.#at(now).offered++;
  }

  attempted(id: string, now: number): void {
    const { attempts } = this.#at(now);
    attempts[id] = (attempts[id] ?? 0) + 1;
    const instance = this.#instances.get(id);
    if (instance) instance.attempts++;
  }

  attemptFailed(id: string): void {
    const instance = this.#instances.get(id);
    if (instance) instance.failures++;
  }

  succeeded(latencyMs: number, now: number): void {
    const second = this.#at(now);
    second.succeeded++;
    second.latenciesMs.push(latencyMs);
    if (latencyMs <= (this.#scenario.goodWithinMs ?? Infinity)) this.#good++;
  }

  failed(now: number, failure: FailureKind): void {
    this.#at(now).failed++;
    this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  event(event: BalancerEvent, now: number): void {
    this.#events.push({ atMs: now, event });
  }

  result(pendingAtEnd: number): SimulationResult {
    const sum = (of: (second: SimulatedSecond) => number) =>
      this.#timeline.reduce((total, second) => total + of(second), 0);
    const offered = sum((second) => second.offered);
    const instances = [...this.#instances].map(([id, counts]) => ({ id, ...counts }));
    const attempts = instances.reduce((total, instance) => total + instance.attempts, 0);
    return {
      offered,
      succeeded: sum((second) => second.succeeded),
      failed: sum((second) => second.failed),
      failures: this.#failures,
      goodShare: this.#good / offered,
      attempts,
      attemptsPerCall: attempts / offered,
      latencyMs: percentilesOf(this.#timeline.flatMap(({ latenciesMs }) => latenciesMs)),
      instances: instances.map((instance) => ({ ...instance, share: instance.attempts / attempts })),
      ejections: this.#events.flatMap(({ atMs, event }) =>
        event.kind === 'ejected'
          ? [{ atMs, id: event.endpoint.id, reason: event.reason, forMs: event.forMs }]
          : [],
      ),
      events: this.#events,
      timeline: this.#timeline,
      pendingAtEnd,
    };
  }

  #at(now: number): SimulatedSecond {
    const second = Math.floor(now / 1_000);
    for (let next = this.#timeline.length; next <= second; next++) {
      this.#timeline.push({
        second: next,
        offered: 0,
        succeeded: 0,
        failed: 0,
        latenciesMs: [],
        attempts: {},
      });
    }
    const entry = this.#timeline[second];
    if (entry === undefined) throw new RangeError(`There is no second ${second}.`);
    return entry;
  }
}
