import type { AcquireOptions } from '../balancer.ts';
import type { EndpointState } from '../endpoint-state.ts';

/** When a probe whose result never came is given up, in milliseconds. */
const lostProbeMs = 60_000;

/** Knows when the next ejected endpoint may be asked again: one comparison per pick while none is due. */
export class ProbeSchedule {
  #nextAt = Infinity;

  /** Recomputes after an ejection, a return, a probe or an update. */
  refresh(members: readonly EndpointState[]): void {
    this.#nextAt = Infinity;
    for (const state of members) this.#nextAt = Math.min(this.#nextAt, probeDueAt(state));
  }

  /** The endpoint that this call shall probe, if it can and one is due. */
  due(members: readonly EndpointState[], options: AcquireOptions | undefined, now: number) {
    if (now < this.#nextAt || options?.stream) return undefined;
    let first: EndpointState | undefined;
    for (const state of members) {
      if (probeDueAt(state) > now || options?.exclude?.has(state.endpoint.id)) continue;
      if (options?.repeatable === false && !overdue(state, now)) continue;
      if (first === undefined || probeDueAt(state) < probeDueAt(first)) first = state;
    }
    return first;
  }
}

function probeDueAt(state: EndpointState): number {
  if (state.ejection === undefined || !state.healthy) return Infinity;
  return state.probeSince === undefined ? state.ejection.until : state.probeSince + lostProbeMs;
}

/** Twice the ejection has passed and no call came that could be tried again: then any call will do. */
function overdue({ ejection }: EndpointState, now: number): boolean {
  return ejection !== undefined && now >= ejection.until + (ejection.until - ejection.since);
}
