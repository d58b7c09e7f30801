import { planRuns } from '../run/plan-runs.ts';
import { runPlan, type Column } from '../run/run-plan.ts';
import { findScenario, scenarioFolder } from '../scenario/find-scenario.ts';

/** Runs a scenario that comes with the tool, once, with its own seed. */
export async function runShipped(name: string): Promise<readonly Column[]> {
  const named = await findScenario(name, scenarioFolder);
  const plans = planRuns(named, { pickers: [], policy: {}, seed: undefined });
  return plans.map((plan) => runPlan(plan, 1, () => undefined));
}
