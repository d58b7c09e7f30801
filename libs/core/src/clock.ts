/** Stops a timer; calling it again, or after the timer has fired, does nothing. */
export type CancelTimer = () => void;

/**
 * The only source of time. It is an argument everywhere, so that tests run on virtual time
 * (`createManualClock` in `@bff/core/testing`).
 */
export interface Clock {
  /** Milliseconds from an arbitrary origin; never goes backwards. For durations and deadlines. */
  now(): number;
  /** The date of the calendar. For what is stored or shown, never for durations. */
  date(): Date;
  /** Calls `run` once after `delayMs` milliseconds. Pending timers do not keep the process alive. */
  after(delayMs: number, run: () => void): CancelTimer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
