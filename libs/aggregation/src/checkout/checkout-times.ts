/** Every duration of a checkout, in milliseconds, and how often a step is tried. */
export interface CheckoutTimes {
  /** Limit of one call of one step. */
  readonly stepTimeoutMs: number;
  /** How often a step is tried, with the same key, before everything is undone. */
  readonly stepAttempts: number;
  /** Pause before the second try; doubles with each further one. */
  readonly retryPauseMs: number;
  /** After this time an interrupted checkout is undone instead of finished: the customer has gone by then. */
  readonly patienceMs: number;
  /**
   * How long an instance may be silent before another one takes over its work: what the client of an instance that was
   * killed waits for his purchase. Nothing is done twice when it is too short, since every write is a compare-and-set.
   */
  readonly leaseMs: number;
  /** Pause between two rounds of recovery, give or take a quarter. */
  readonly recoveryIntervalMs: number;
  /** Longest pause between two tries to recover the same work. */
  readonly maxRecoveryPauseMs: number;
  /** How long the outcome of a checkout is replayed. */
  readonly outcomeLifetimeMs: number;
}

export const checkoutTimes: CheckoutTimes = {
  stepTimeoutMs: 2_000,
  stepAttempts: 2,
  retryPauseMs: 100,
  patienceMs: 60_000,
  leaseMs: 2_000,
  recoveryIntervalMs: 5_000,
  maxRecoveryPauseMs: 60_000,
  outcomeLifetimeMs: 24 * 60 * 60 * 1_000,
};
