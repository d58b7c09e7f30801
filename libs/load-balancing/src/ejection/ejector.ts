import type { AcquireOptions } from '../balancer.ts';
import type { OnBalancerEvent } from '../balancer-event.ts';
import type { Membership } from '../balancer/membership.ts';
import type { EjectionReason } from '../endpoint.ts';
import type { EndpointState } from '../endpoint-state.ts';
import type { FailureKind } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import { ejectionMs } from './backoff.ts';
import { mayEject } from './ejection-limit.ts';
import { judgeFailure } from './failure-verdict.ts';
import { ProbeSchedule } from './probe-schedule.ts';
import { SlownessJudge } from './slowness-judge.ts';

export interface EjectorOptions {
  readonly policy: Policy;
  readonly membership: Membership;
  readonly random: () => number;
  readonly emit: OnBalancerEvent;
}

/** Sets endpoints aside for their results, and brings them back. Judges when a result arrives, not by a sweep. */
export class Ejector {
  readonly #policy: Policy;
  readonly #membership: Membership;
  readonly #random: () => number;
  readonly #emit: OnBalancerEvent;
  readonly #slowness: SlownessJudge;
  readonly #probes = new ProbeSchedule();

  constructor({ policy, membership, random, emit }: EjectorOptions) {
    this.#policy = policy;
    this.#membership = membership;
    this.#random = random;
    this.#emit = emit;
    this.#slowness = new SlownessJudge(policy.slowness);
  }

  /** The ejected endpoint that this call goes to as its probe; undefined nearly always. */
  claimProbe(options: AcquireOptions | undefined, now: number): EndpointState | undefined {
    if (this.#membership.panic) return undefined;
    const { members } = this.#membership;
    const state = this.#probes.due(members, options, now);
    if (state === undefined) return undefined;
    state.probeSince = now;
    this.#probes.refresh(members);
    this.#emit({ kind: 'probe', endpoint: state.endpoint });
    return state;
  }

  succeeded(state: EndpointState, latencyMs: number | undefined, now: number): void {
    if (state.ejection) {
      this.#succeededWhileEjected(state, state.ejection.reason, latencyMs, now);
      return;
    }
    if (state.condemned) this.#acquit(state, latencyMs, now);
    if (latencyMs === undefined) return;
    if (this.#slowness.judge(state, latencyMs, this.#membership.members, now))
      this.#eject(state, 'slow', now);
  }

  failed(state: EndpointState, failure: FailureKind, now: number): void {
    if (state.ejection) {
      if (state.probeSince !== undefined) this.#eject(state, 'probe_failed', now);
      return;
    }
    const { members } = this.#membership;
    const reason = judgeFailure(state, failure, members, now, this.#policy.ejection);
    if (reason) this.#eject(state, reason, now);
  }

  /** The probe ended without telling anything. */
  probeLost(state: EndpointState): void {
    state.probeSince = undefined;
    this.#probes.refresh(this.#membership.members);
  }

  /** What a health check found. A failing one is never overruled: it knows what it asked. */
  setHealth(state: EndpointState, healthy: boolean, now: number): void {
    if (healthy) state.refusing = false;
    if (healthy && state.ejection?.reason === 'connection' && state.probeSince === undefined) {
      // It accepts connections again: no need to sit the time out.
      state.ejection = { ...state.ejection, until: Math.min(state.ejection.until, now) };
    }
    if (state.healthy !== healthy) {
      state.healthy = healthy;
      const { endpoint } = state;
      if (!healthy) this.#emit({ kind: 'ejected', endpoint, reason: 'unhealthy', forMs: Infinity });
      else if (!state.ejection) this.#restore(state, 'health_check', undefined, now);
      this.#membership.refresh();
    }
    this.#probes.refresh(this.#membership.members);
  }

  /** To be called after the members have changed. */
  refresh(): void {
    this.#probes.refresh(this.#membership.members);
  }

  #succeededWhileEjected(
    state: EndpointState,
    reason: EjectionReason,
    latencyMs: number | undefined,
    now: number,
  ) {
    const { members } = this.#membership;
    const stillSlow = reason === 'slow' && latencyMs !== undefined;
    if (stillSlow && this.#slowness.isSlow(state, latencyMs, members, now)) {
      if (state.probeSince !== undefined) this.#eject(state, 'slow', now);
      return;
    }
    this.#restore(state, 'call', latencyMs, now);
  }

  #eject(state: EndpointState, reason: EjectionReason, now: number): void {
    if (!state.ejection && !mayEject(state, this.#membership.members, this.#policy.ejection)) {
      this.#condemn(state, reason);
      return;
    }
    const { ejection: policy } = this.#policy;
    if (now - state.returnedAt > policy.forgetAfterMs && !state.ejection) state.ejections = 0;
    const forMs = ejectionMs(state.ejections++, policy, this.#random);
    state.ejection = { reason, since: now, until: now + forMs };
    state.resetVerdict(now);
    this.#membership.refresh();
    this.#probes.refresh(this.#membership.members);
    this.#emit({ kind: 'ejected', endpoint: state.endpoint, reason, forMs });
  }

  #condemn(state: EndpointState, reason: EjectionReason): void {
    // Slow is better than nothing, and a low success rate is not nothing.
    const broken = reason === 'connection' || reason === 'consecutive_failures';
    if (!broken || state.condemned) return;
    state.condemned = true;
    this.#emit({ kind: 'spared', endpoint: state.endpoint, reason });
    this.#membership.refresh();
  }

  /**
   * It works again, after a total outage. As with an ejected one, what it was like before counts no longer: with the
   * penalty of its failures on it, those that return from their ejection would get all of the traffic for half a minute.
   */
  #acquit(state: EndpointState, latencyMs: number | undefined, now: number): void {
    state.resetVerdict(now);
    state.results.clear();
    state.latency.restart(latencyMs, now);
    this.#membership.refresh();
  }

  #restore(
    state: EndpointState,
    by: 'call' | 'health_check',
    latencyMs: number | undefined,
    now: number,
  ): void {
    state.ejection = undefined;
    state.resetVerdict(now);
    state.results.clear();
    // What it was like before counts no longer: a penalty would starve it.
    state.latency.restart(latencyMs, now);
    state.returnedAt = now;
    state.startSlowly(now);
    this.#membership.refresh();
    this.#probes.refresh(this.#membership.members);
    // A call may succeed while the health check still fails (in panic): then it is not back yet.
    if (state.healthy) this.#emit({ kind: 'returned', endpoint: state.endpoint, by });
  }
}
