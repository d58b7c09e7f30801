import { createPolicy, type PickerKind, type PolicyOverrides } from '@bff/load-balancing';
import type { Scenario } from '@bff/load-balancing/simulator';
import { expandInstances } from '../scenario/expand-instances.ts';
import type { NamedScenario } from '../scenario/find-scenario.ts';
import type { Variant } from '../scenario/scenario-schema.ts';
import { mergePolicies } from './merge-policies.ts';

export interface Plan {
  /** The heading of its column. */
  readonly name: string;
  readonly scenario: Scenario;
}

export interface PlanOptions {
  /** One run each, in place of the scenario's own variants. Empty: these. */
  readonly pickers: readonly PickerKind[];
  /** On top of everything. */
  readonly policy: PolicyOverrides;
  readonly seed: number | undefined;
}

/** What is to be run, column by column. Throws an Error when the policy on top makes no sense. */
export function planRuns(
  { name, file }: NamedScenario,
  { pickers, policy, seed }: PlanOptions,
): readonly Plan[] {
  const { $schema: _schema, title: _title, variants, admission: admissionOfAll, instances, ...rest } = file;
  const chosen: readonly Variant[] =
    pickers.length > 0
      ? pickers.map((picker) => ({ name: picker, policy: { picker } }))
      : (variants ?? [{ name: createPolicy(mergePolicies(file.policy, policy)).picker }]);
  return chosen.map((variant) => {
    const admission = variant.admission ?? admissionOfAll;
    const merged = mergePolicies(file.policy, variant.policy, policy);
    createPolicy(merged);
    return {
      name: variant.name,
      scenario: {
        ...rest,
        name,
        seed: seed ?? file.seed ?? 1,
        policy: merged,
        instances: expandInstances(instances).map((instance) => ({
          ...instance,
          ...(admission !== undefined && admission !== false && { admission }),
        })),
      },
    };
  });
}
