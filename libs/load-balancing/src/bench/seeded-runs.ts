import { runScenario, type Fault, type Scenario } from '../simulator/index.ts';

const faults: readonly Fault[] = [
  { kind: 'dead', fromMs: 2_000, untilMs: 6_000 },
  { kind: 'frozen', fromMs: 2_000, untilMs: 6_000 },
  { kind: 'slow', factor: 10, fromMs: 2_000 },
  { kind: 'failing', answer: 'server_error', afterMs: 1, fromMs: 2_000 },
  { kind: 'failing', answer: 'overloaded', afterMs: 1, fromMs: 2_000 },
  { kind: 'dead', fromMs: 1_000, periodMs: 2_000 },
];

const pickers = ['peak_ewma', 'least_request', 'round_robin', 'consistent_hash'] as const;

/** One of two or three instances in trouble, for ten seconds at 100 calls/s; the seed says how, and what picks. */
export function seededScenario(seed: number): Scenario {
  const fault = faults[seed % faults.length];
  const instances = ['a', 'b', 'c'].slice(0, 2 + (seed % 2));
  const picker = pickers[Math.floor(seed / 12) % pickers.length] ?? 'peak_ewma';
  return {
    name: `seed ${seed}`,
    seed,
    durationMs: 10_000,
    ratePerSecond: 100,
    timeoutMs: 2_000,
    attemptTimeoutMs: 1_000,
    retries: {},
    policy: { picker },
    instances: instances.map((id) => ({
      id,
      serviceTime: { kind: 'lognormal', medianMs: 50, sigma: 0.3 },
      ...(id === 'a' && fault && { faults: [fault] }),
    })),
  };
}

export interface SeededRuns {
  readonly runs: number;
  readonly seconds: number;
  readonly calls: number;
  readonly failed: number;
  /** Seeds of runs with calls that failed. */
  readonly withFailures: readonly number[];
}

/** Runs one scenario per seed. */
export function runSeeds(runs: number): SeededRuns {
  const startedAt = performance.now();
  const withFailures: number[] = [];
  let calls = 0;
  let failed = 0;
  for (let seed = 0; seed < runs; seed++) {
    const result = runScenario(seededScenario(seed));
    calls += result.offered;
    failed += result.offered - result.succeeded;
    if (result.succeeded < result.offered) withFailures.push(seed);
  }
  return { runs, seconds: (performance.now() - startedAt) / 1_000, calls, failed, withFailures };
}
