import type { Lease } from '../balancer.ts';
import type { Endpoint } from '../endpoint.ts';
import type { EndpointState } from '../endpoint-state.ts';
import type { PendingAttempt } from '../load/pending-attempts.ts';
import type { Outcome } from '../outcome.ts';

export type SettleLease = (lease: ActiveLease, outcome: Outcome) => void;

/** The one object that a pick allocates. */
export class ActiveLease implements Lease, PendingAttempt {
  older: PendingAttempt | undefined;
  newer: PendingAttempt | undefined;
  readonly endpoint: Endpoint;
  readonly state: EndpointState;
  readonly startedAt: number;
  readonly probe: boolean;
  readonly stream: boolean;
  readonly #settle: SettleLease;
  #open = true;

  constructor(state: EndpointState, startedAt: number, probe: boolean, stream: boolean, settle: SettleLease) {
    this.endpoint = state.endpoint;
    this.state = state;
    this.startedAt = startedAt;
    this.probe = probe;
    this.stream = stream;
    this.#settle = settle;
  }

  done(outcome: Outcome): void {
    if (!this.#open) return;
    this.#open = false;
    this.#settle(this, outcome);
  }
}
