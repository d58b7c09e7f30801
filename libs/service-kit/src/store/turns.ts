import { AppError } from '@bff/core';

/** Lets so many pieces of work run at a time; the others wait in the order in which they came. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** Runs `work` when it is its turn. Work whose signal aborts before that is never started; it fails with the signal's reason. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#wait(signal);
    try {
      return await work();
    } finally {
      this.#free++;
      const [next] = this.#waiting;
      next?.();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw AppError.from(signal.reason);
    if (this.#free === 0) {
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          this.#waiting.delete(start);
          signal?.removeEventListener('abort', giveUp);
        };
        const start = () => {
          leave();
          // Taken here and not after the await, so that nobody comes in between.
          this.#free--;
          resolve();
        };
        const giveUp = () => {
          leave();
          reject(AppError.from(signal?.reason));
        };
        this.#waiting.add(start);
        signal?.addEventListener('abort', giveUp, { once: true });
      });
    } else {
      this.#free--;
    }
  }
}
