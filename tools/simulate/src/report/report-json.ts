import type { Column } from '../run/run-plan.ts';
import type { NamedScenario } from '../scenario/find-scenario.ts';

/** The figures for programs: shares between 0 and 1, times in milliseconds, null where there is none. */
export function reportJson({ name, file }: NamedScenario, columns: readonly Column[], plot: string) {
  return {
    scenario: name,
    title: file.title,
    plot,
    columns: columns.map(({ name: column, scenario, runs, figures, shown }) => ({
      name: column,
      policy: scenario.policy,
      runs,
      figures: figures.map(({ measure, median, worst }) => ({
        name: measure.label.trim(),
        unit: measure.unit,
        median,
        worst,
      })),
      shown: { seed: shown.seed, failures: shown.result.failures, ejections: shown.result.ejections },
    })),
  };
}
