import { createConcurrencyLimiter } from '@bff/admission';
import { createPolicy } from '@bff/load-balancing';
import { VirtualClock } from '@bff/load-balancing/simulator';
import { CommandError } from '../command/command-error.ts';
import { expandInstances } from './expand-instances.ts';
import type { ScenarioFile } from './scenario-schema.ts';

/** So many take half a minute and a gigabyte. */
const mostCalls = 5_000_000;

/** What a schema cannot see. Throws a `CommandError` that names the field. */
export function checkScenario(file: ScenarioFile, shownAs: string): void {
  const { instances, variants = [], admission } = file;
  const fail = (field: string, problem: string, cause?: unknown) => {
    throw new CommandError(1, `${shownAs} is not a valid scenario:\n  ${field}: ${problem}`, cause);
  };
  const attempt = (field: string, make: () => unknown) => {
    try {
      make();
    } catch (thrown) {
      fail(field, thrown instanceof Error ? thrown.message : String(thrown), thrown);
    }
  };
  const ids = expandInstances(instances).map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) fail('instances', `"${twice}" is there twice; each needs an id of its own`);
  if (!instances.some(({ startsAtMs = 0 }) => startsAtMs === 0)) {
    fail('instances', 'none is there from the start; leave startsAtMs out for one at least');
  }
  const calls = expectedCalls(file);
  if (calls > mostCalls) {
    fail('ratePerSecond', `makes ${calls.toFixed(0)} calls over durationMs; at most ${mostCalls} can be run`);
  }
  const policies = [{ field: 'policy', policy: file.policy, admission }].concat(
    variants.map((variant, i) => ({
      field: `variants[${i}].policy`,
      policy: variant.policy,
      admission: variant.admission === false ? undefined : variant.admission,
    })),
  );
  for (const entry of policies) {
    attempt(entry.field, () => createPolicy(entry.policy));
    const tuning = entry.admission;
    if (tuning !== undefined) {
      const field = entry.field.replace('policy', 'admission');
      attempt(field, () => createConcurrencyLimiter({ clock: new VirtualClock(), ...tuning }));
    }
  }
}

function expectedCalls({ durationMs, ratePerSecond, surges = [] }: ScenarioFile): number {
  const extraMs = surges.reduce(
    (sum, { fromMs, untilMs, factor }) =>
      sum + Math.max(0, Math.min(durationMs, untilMs) - fromMs) * (factor - 1),
    0,
  );
  return (ratePerSecond * (durationMs + extraMs)) / 1_000;
}
