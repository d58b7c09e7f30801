import type { OnBalancerEvent } from '../balancer-event.ts';
import type { Endpoint } from '../endpoint.ts';
import { EndpointState } from '../endpoint-state.ts';
import type { Policy } from '../policy.ts';

/** Who belongs to the upstream, and who of them gets traffic. */
export class Membership {
  /** Everybody but those being drained. */
  members: readonly EndpointState[] = [];
  /** Those to pick from; empty only when there are no members. */
  candidates: readonly EndpointState[] = [];
  panic = false;
  readonly #draining = new Map<string, EndpointState>();
  readonly #policy: Policy;
  readonly #emit: OnBalancerEvent;

  constructor(policy: Policy, emit: OnBalancerEvent) {
    this.#policy = policy;
    this.#emit = emit;
  }

  find(id: string): EndpointState | undefined {
    return this.members.find(({ endpoint }) => endpoint.id === id);
  }

  all(): readonly EndpointState[] {
    return [...this.members, ...this.#draining.values()];
  }

  /** See `ManagedBalancer.update`. */
  update(endpoints: readonly Endpoint[], now: number): void {
    checkEndpoints(endpoints);
    if (endpoints.length === 0 && this.members.length > 0) {
      this.#emit({ kind: 'empty_update_ignored' });
      return;
    }
    const before = new Map(this.members.map((state) => [state.endpoint.id, state]));
    const members = endpoints.map((endpoint) => this.#keepOrAdd(endpoint, before, now));
    for (const state of before.values()) this.#drain(state);
    this.members = members;
    this.refresh();
  }

  /** Recomputes who gets traffic; called after whatever may change that, never per pick. */
  refresh(): void {
    const { members } = this;
    const available = members.filter((state) => state.available);
    const nobodyWorks = available.every((state) => state.condemned);
    const panic =
      members.length > 1 &&
      (available.length < members.length * this.#policy.ejection.panicBelow || nobodyWorks);
    this.candidates = panic || available.length === 0 ? members : available;
    if (panic === this.panic) return;
    this.panic = panic;
    this.#emit({ kind: 'panic', active: panic, available: available.length, total: members.length });
  }

  /** See `ManagedBalancer.failsOver`. */
  failsOver(tried: ReadonlySet<string>): boolean {
    if (this.panic) return false;
    let another = false;
    for (const { endpoint, available, condemned } of this.members) {
      // One that is condemned keeps its place only because too few would be left.
      const works = available && !condemned;
      if (!tried.has(endpoint.id)) another ||= works;
      else if (works) return false;
    }
    return another;
  }

  /** See `ManagedBalancer.hasUntried`. */
  hasUntried(tried: ReadonlySet<string>): boolean {
    return this.members.some(
      ({ endpoint, available, refusing }) => available && !refusing && !tried.has(endpoint.id),
    );
  }

  /** A drained endpoint that owes nothing any more is forgotten. */
  forgetIfIdle(state: EndpointState): void {
    if (!state.draining || state.pending > 0) return;
    this.#draining.delete(state.endpoint.id);
    this.#emit({ kind: 'drained', endpoint: state.endpoint });
  }

  #keepOrAdd(endpoint: Endpoint, before: Map<string, EndpointState>, now: number): EndpointState {
    const { id } = endpoint;
    const known = before.get(id) ?? this.#draining.get(id);
    if (known === undefined) return this.#add(endpoint, now);
    before.delete(id);
    known.endpoint = endpoint;
    known.weight = endpoint.weight ?? 1;
    if (known.draining) {
      this.#draining.delete(id);
      known.draining = false;
      known.startSlowly(now);
      this.#emit({ kind: 'added', endpoint });
    }
    return known;
  }

  #add(endpoint: Endpoint, now: number): EndpointState {
    const state = new EndpointState(endpoint, this.#policy);
    // Where all are new nobody needs sparing, and the first ones would only look weak.
    if (this.members.length > 0) state.startSlowly(now);
    this.#emit({ kind: 'added', endpoint });
    return state;
  }

  #drain(state: EndpointState): void {
    state.draining = true;
    this.#draining.set(state.endpoint.id, state);
    this.#emit({ kind: 'removed', endpoint: state.endpoint });
    this.forgetIfIdle(state);
  }
}

function checkEndpoints(endpoints: readonly Endpoint[]): void {
  const ids = new Set(endpoints.map(({ id }) => id));
  if (ids.size !== endpoints.length) throw new Error('Two endpoints have the same id.');
  for (const { id, weight = 1 } of endpoints) {
    if (!(weight > 0 && weight < Infinity)) {
      throw new Error(`The weight of endpoint ${id} is ${weight}; it must be above 0.`);
    }
  }
}
