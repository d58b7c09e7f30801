import type { EndpointState } from '../endpoint-state.ts';
import type { SlownessPolicy } from '../policy.ts';

/** For how long the fastest estimate is taken as it was: it only saves work. */
const cacheMs = 100;

/**
 * Tells an instance that is slow from a call that is: every result counts, and one at normal speed acquits.
 * Otherwise a heavy route, whose latency the peak-sensitive average keeps for a while, would eject whoever served it.
 */
export class SlownessJudge {
  readonly #policy: SlownessPolicy;
  #fastestMs = 0;
  #fastestUntil = -Infinity;

  constructor(policy: SlownessPolicy) {
    this.#policy = policy;
  }

  /** Records a success; true when the instance has been slow for long enough. */
  judge(state: EndpointState, latencyMs: number, members: readonly EndpointState[], now: number): boolean {
    if (!this.isSlow(state, latencyMs, members, now)) {
      state.slowResults = 0;
      return false;
    }
    if (state.slowResults++ === 0) state.slowSince = now;
    return state.slowResults >= this.#policy.minResults && now - state.slowSince >= this.#policy.forMs;
  }

  /** Whether this latency is many times what its peers take. */
  isSlow(state: EndpointState, latencyMs: number, members: readonly EndpointState[], now: number): boolean {
    const { factor, minLatencyMs } = this.#policy;
    if (latencyMs < minLatencyMs) return false;
    // The median of the peers is not below the fastest of all: mostly this cheap test is enough.
    if (latencyMs < factor * this.#fastest(members, now)) return false;
    const median = medianOfPeers(state, members, now);
    return median !== undefined && latencyMs >= factor * median;
  }

  #fastest(members: readonly EndpointState[], now: number): number {
    if (now < this.#fastestUntil) return this.#fastestMs;
    let fastest = Infinity;
    for (const member of members) {
      if (member.latency.sampled) fastest = Math.min(fastest, member.latency.lastMs);
    }
    this.#fastestMs = fastest === Infinity ? 0 : fastest;
    this.#fastestUntil = now + cacheMs;
    return this.#fastestMs;
  }
}

/** Of those that have answered lately; undefined when none has. */
function medianOfPeers(state: EndpointState, members: readonly EndpointState[], now: number) {
  const latencies = members
    .filter(
      (peer) => peer !== state && peer.available && peer.latency.sampled && peer.results.totalAt(now) > 0,
    )
    .map((peer) => peer.latency.lastMs)
    .sort((a, b) => a - b);
  const middle = latencies.length / 2;
  const upper = latencies[Math.floor(middle)];
  const lower = latencies[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
