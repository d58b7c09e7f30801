import type { InstanceScenario } from '@bff/load-balancing/simulator';
import type { ScenarioFile } from './scenario-schema.ts';

/** Writes `{ id: 'a', count: 3 }` out as a1, a2 and a3. */
export function expandInstances(instances: ScenarioFile['instances']): InstanceScenario[] {
  return instances.flatMap(({ count, id, ...instance }) =>
    count === undefined
      ? [{ id, ...instance }]
      : Array.from({ length: count }, (_, i) => ({ id: `${id}${i + 1}`, ...instance })),
  );
}
