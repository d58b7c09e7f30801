import { AppError, type Clock } from '@bff/core';
import type { AcquireOptions, ManagedBalancer } from '../balancer.ts';
import type { OnBalancerEvent } from '../balancer-event.ts';
import { Ejector } from '../ejection/ejector.ts';
import type { Endpoint } from '../endpoint.ts';
import type { EndpointState } from '../endpoint-state.ts';
import type { Outcome } from '../outcome.ts';
import { createPicker } from '../pickers/create-picker.ts';
import type { TypicalLatency } from '../pickers/load-metrics.ts';
import type { Picker } from '../pickers/picker.ts';
import { createPolicy, type Policy, type PolicyOverrides } from '../policy.ts';
import { ActiveLease } from './active-lease.ts';
import { bestForAnotherAttempt } from './another-attempt.ts';
import { Membership } from './membership.ts';
import { noteSignOfLife, recordOutcome } from './record-outcome.ts';

export interface BalancerOptions {
  /** What is known at the start; discovery brings the rest by `update`. */
  readonly endpoints: readonly Endpoint[];
  readonly policy?: PolicyOverrides;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Called synchronously, in the middle of a pick or a result: be quick, and do not call back. */
  readonly onEvent?: OnBalancerEvent;
}

/**
 * A balancer that picks by load, ejects what fails, probes what it ejected and ramps up what is new. It has no timer
 * and does no I/O: everything happens in `acquire` and `done`. Throws an Error when two endpoints share an id or the
 * policy makes no sense.
 */
export function createBalancer(options: BalancerOptions): ManagedBalancer {
  return new PolicyBalancer(options);
}

class PolicyBalancer implements ManagedBalancer {
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #typical: TypicalLatency = { ms: 1 };
  readonly #membership: Membership;
  readonly #ejector: Ejector;
  readonly #picker: Picker;
  readonly #settle = (lease: ActiveLease, outcome: Outcome) => this.#end(lease, outcome);
  #picks = 0;

  constructor({ endpoints, policy, clock, random, onEvent: emit = () => undefined }: BalancerOptions) {
    this.#clock = clock;
    this.#policy = createPolicy(policy);
    this.#membership = new Membership(this.#policy, emit);
    this.#ejector = new Ejector({ policy: this.#policy, membership: this.#membership, random, emit });
    this.#picker = createPicker(this.#policy, random, this.#typical);
    this.update(endpoints);
  }

  acquire(options?: AcquireOptions): ActiveLease {
    const now = this.#clock.now();
    const probed = this.#ejector.claimProbe(options, now);
    const state = probed ?? this.#pick(options, now);
    const stream = options?.stream === true;
    const lease = new ActiveLease(state, now, probed !== undefined, stream, this.#settle);
    state.pending++;
    if (state.doubtedSince !== undefined) state.exposed++;
    state.picks++;
    this.#picks++;
    if (!stream) state.attempts.add(lease);
    return lease;
  }

  update(endpoints: readonly Endpoint[]): void {
    this.#membership.update(endpoints, this.#clock.now());
    this.#ejector.refresh();
  }

  setHealth(endpointId: string, healthy: boolean): void {
    const state = this.#membership.find(endpointId);
    if (state) this.#ejector.setHealth(state, healthy, this.#clock.now());
  }

  failsOver(tried: ReadonlySet<string>): boolean {
    return this.#membership.failsOver(tried);
  }

  hasUntried(tried: ReadonlySet<string>): boolean {
    return this.#membership.hasUntried(tried);
  }

  endpoints() {
    const now = this.#clock.now();
    return this.#membership.all().map((state) => state.snapshot(now, this.#picks));
  }

  /** There is nothing to stop. */
  close(): void {
    return undefined;
  }

  #pick(options: AcquireOptions | undefined, now: number): EndpointState {
    const { candidates } = this.#membership;
    if (candidates.length === 0) {
      throw new AppError('unavailable', 'The service has no instance that could answer.');
    }
    const exclude = options?.exclude;
    if (exclude === undefined || exclude.size === 0) {
      return this.#picker.pick(candidates, now, options?.affinityKey);
    }
    return this.#picker.pick(bestForAnotherAttempt(candidates, exclude), now, options?.affinityKey);
  }

  #end(lease: ActiveLease, outcome: Outcome): void {
    const now = this.#clock.now();
    const { state, startedAt } = lease;
    state.pending--;
    // Started in the same instant as the doubt, it may not be counted: fewer are exposed then, never more.
    if (state.exposed > 0 && state.doubtedSince !== undefined && startedAt >= state.doubtedSince)
      state.exposed--;
    if (!lease.stream) state.attempts.remove(lease);
    if (state.draining) {
      this.#membership.forgetIfIdle(state);
      return;
    }
    noteSignOfLife(state, outcome, now);
    // Started before the last ejection or return: it tells of what has passed.
    if (startedAt < state.judgedFrom) return;
    const latencyMs = recordOutcome(state, outcome, lease, now, this.#policy.load);
    if (outcome.kind === 'success') {
      if (latencyMs !== undefined) this.#typical.ms += (latencyMs - this.#typical.ms) / 16;
      this.#ejector.succeeded(state, latencyMs, now);
    } else if (outcome.kind === 'failure') {
      this.#ejector.failed(state, outcome.failure, now);
    } else if (lease.probe && state.probeSince === startedAt) {
      this.#ejector.probeLost(state);
    }
  }
}
