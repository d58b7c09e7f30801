/** So many checks in a row without any answer, and an instance is taken for frozen: what waits for it waits in vain. */
const silentChecks = 3;
/** Where nobody else could go on, a pause is likelier than death, and leaving costs more than waiting. */
const silentChecksAlone = 12;

/**
 * Ends what waits for an instance that gives no sign of life any more: a stream has no time limit of its own, so its
 * reader would wait for as long as the process is frozen. Not for one that fails or drains: that one speaks, and ends
 * its streams itself.
 */
export class SilentInstances {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Calls `giveUp` once if the instance falls silent; the function returned says that nobody waits any more. */
  onceSilent(endpointId: string, giveUp: () => void): () => void {
    const waiting = this.#waiting.get(endpointId) ?? new Set();
    this.#waiting.set(endpointId, waiting);
    // One function may wait twice.
    const entry = () => giveUp();
    waiting.add(entry);
    return () => {
      waiting.delete(entry);
      if (waiting.size === 0 && this.#waiting.get(endpointId) === waiting) this.#waiting.delete(endpointId);
    };
  }

  /** A check got no answer; `another`: there is an instance that works. Returns whether the instance counts as silent. */
  noAnswer(endpointId: string, checksInRow: number, another: boolean): boolean {
    if (checksInRow < (another ? silentChecks : silentChecksAlone)) return false;
    const waiting = this.#waiting.get(endpointId);
    this.#waiting.delete(endpointId);
    for (const giveUp of waiting ?? []) giveUp();
    return true;
  }
}
