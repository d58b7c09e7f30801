import type { BalancerEvent } from '../balancer-event.ts';
import type { FailureKind } from '../outcome.ts';
import { percentilesOf } from './percentiles.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedSecond, SimulationResult } from './simulation-result.ts';

/** What the recorder needs to know of a call. */
export interface RecordedCall {
  readonly startedAt: number;
  readonly priority: string;
}

/** Writes down what happens in a run. */
export class Recorder {
  readonly #scenario: Scenario;
  readonly #timeline: SimulatedSecond[] = [];
  readonly #instances = new Map<string, { attempts: number; failures: number }>();
  readonly #events: { atMs: number; event: BalancerEvent }[] = [];
  readonly #failures: Partial<Record<FailureKind, number>> = {};
  readonly #rejectedMs: number[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    for (const { id } of scenario.instances) this.#instances.set(id, { attempts: 0, failures: 0 });
  }

  offered(now: number, priority: string): void {
    const second = this.#at(now);
    second.offered++;
    const arrived = (second.arrived[priority] ??= { offered: 0, good: 0 });
    arrived.offered++;
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

  succeeded({ startedAt, priority }: RecordedCall, now: number): void {
    const second = this.#at(now);
    const latencyMs = now - startedAt;
    second.succeeded++;
    second.latenciesMs.push(latencyMs);
    if (latencyMs > (this.#scenario.goodWithinMs ?? Infinity)) return;
    second.good++;
    const arrived = this.#at(startedAt).arrived[priority];
    if (arrived) arrived.good++;
  }

  failed({ startedAt }: RecordedCall, now: number, failure: FailureKind): void {
    this.#at(now).failed++;
    if (failure === 'overloaded') this.#rejectedMs.push(now - startedAt);
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
      goodShare: sum((second) => second.good) / offered,
      attempts,
      attemptsPerCall: attempts / offered,
      latencyMs: percentilesOf(this.#timeline.flatMap(({ latenciesMs }) => latenciesMs)),
      rejectedMs: percentilesOf(this.#rejectedMs),
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
        good: 0,
        failed: 0,
        latenciesMs: [],
        attempts: {},
        arrived: {},
      });
    }
    const entry = this.#timeline[second];
    if (entry === undefined) throw new RangeError(`There is no second ${second}.`);
    return entry;
  }
}
