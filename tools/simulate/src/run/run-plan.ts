import { runScenario, type SimulationResult } from '@bff/load-balancing/simulator';
import { createAdmission } from './create-admission.ts';
import { measuresOf, type Measure } from './measures.ts';
import type { Plan } from './plan-runs.ts';

/** One measure over all runs of a plan. */
export interface Figure {
  readonly measure: Measure;
  readonly median: number;
  readonly worst: number;
}

/** What came of one plan. */
export interface Column extends Plan {
  readonly runs: number;
  readonly figures: readonly Figure[];
  /** The run with the fewest good calls; the only one of which everything is kept. */
  readonly shown: { readonly seed: number; readonly result: SimulationResult };
}

/** Runs a plan with so many seeds, one after another. `onRun` is told after each. */
export function runPlan(plan: Plan, runs: number, onRun: () => void): Column {
  const measures = measuresOf(plan.scenario);
  const values = measures.map((): number[] => []);
  let shown: Column['shown'] | undefined;
  for (let run = 0; run < runs; run++) {
    const seed = plan.scenario.seed + run;
    const result = runScenario({ ...plan.scenario, seed }, { createAdmission });
    measures.forEach((measure, i) => values[i]?.push(measure.of(result)));
    if (shown === undefined || result.goodShare < shown.result.goodShare) shown = { seed, result };
    onRun();
  }
  if (shown === undefined) throw new RangeError('At least one run is needed.');
  const figures = measures.map((measure, i) => summarise(measure, values[i] ?? []));
  return { ...plan, runs, figures, shown };
}

function summarise(measure: Measure, values: readonly number[]): Figure {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  return {
    measure,
    median: at(Math.floor((sorted.length - 1) / 2)),
    worst: at(measure.worst === 'lowest' ? 0 : sorted.length - 1),
  };
}
