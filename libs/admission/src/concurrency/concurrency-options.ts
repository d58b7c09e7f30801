import type { GradientLimitOptions } from './gradient-limit.ts';

/** Every knob; the README gives each default's reason and source. */
export interface ConcurrencyTuning extends GradientLimitOptions {
  /** Share of the limit that is kept for each more important priority even when it was not seen lately. */
  readonly minReserve: number;
  /** Share of the limit that is kept at most: the rest is open to everybody. */
  readonly maxReserve: number;
  /** After how long a refused call may come again, at the soonest; it is told up to twice as much. */
  readonly retryAfterMs: number;
}

export const defaultConcurrencyTuning: ConcurrencyTuning = {
  minLimit: 4,
  startLimit: 20,
  maxLimit: 500,
  tolerance: 1.5,
  queue: 6,
  smoothing: 0.2,
  windowMs: 100,
  windowCalls: 20,
  probeEveryMs: 10_000,
  minReserve: 0.1,
  maxReserve: 0.8,
  retryAfterMs: 1_000,
};

/** Fills in the defaults; throws a RangeError that names what makes no sense. */
export function readConcurrencyOptions(given: Partial<ConcurrencyTuning>): ConcurrencyTuning {
  const tuning: ConcurrencyTuning = { ...defaultConcurrencyTuning, ...given };
  const { minLimit, startLimit, maxLimit } = tuning;
  for (const name of ['minLimit', 'startLimit', 'maxLimit', 'windowCalls'] as const) {
    if (!Number.isInteger(tuning[name]) || tuning[name] < 1) {
      throw new RangeError(`${name} must be a whole number above 0.`);
    }
  }
  if (minLimit > startLimit || startLimit > maxLimit) {
    throw new RangeError('minLimit, startLimit and maxLimit must not fall.');
  }
  if (!(tuning.tolerance >= 1)) throw new RangeError('tolerance must be at least 1.');
  if (!(tuning.queue > 0)) throw new RangeError('queue must be above 0.');
  if (!(tuning.smoothing > 0 && tuning.smoothing <= 1))
    throw new RangeError('smoothing must be above 0, at most 1.');
  for (const name of ['windowMs', 'probeEveryMs', 'retryAfterMs'] as const) {
    if (!(tuning[name] > 0)) throw new RangeError(`${name} must be above 0.`);
  }
  if (!(tuning.minReserve >= 0 && tuning.minReserve <= tuning.maxReserve && tuning.maxReserve < 1)) {
    throw new RangeError('minReserve and maxReserve must be shares below 1 that do not fall.');
  }
  return tuning;
}
