/** An attempt that is out, linked to its neighbours in order of start. */
export interface PendingAttempt {
  readonly startedAt: number;
  older: PendingAttempt | undefined;
  newer: PendingAttempt | undefined;
}

/**
 * The attempts at one instance that have no answer yet, oldest first, so that a frozen instance is seen by the age of
 * what it owes, long before a timeout tells. Linked through the attempts themselves: no allocation, no search.
 */
export class PendingAttempts {
  #oldest: PendingAttempt | undefined;
  #newest: PendingAttempt | undefined;

  add(attempt: PendingAttempt): void {
    attempt.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = attempt;
    else this.#newest.newer = attempt;
    this.#newest = attempt;
  }

  remove(attempt: PendingAttempt): void {
    const { older, newer } = attempt;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    attempt.older = undefined;
    attempt.newer = undefined;
  }

  /** Milliseconds since the oldest started; 0 when nothing is out. */
  oldestAgeAt(now: number): number {
    return this.#oldest === undefined ? 0 : now - this.#oldest.startedAt;
  }
}
