import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from '@bff/core';
import { renderPlot } from '../plot/render-plot.ts';
import { reportJson } from '../report/report-json.ts';
import { renderTable } from '../report/table.ts';
import { planRuns } from '../run/plan-runs.ts';
import { createProgress } from '../run/progress.ts';
import { runPlan, type Column } from '../run/run-plan.ts';
import {
  findScenario,
  scenarioFolder,
  scenarioNames,
  type NamedScenario,
} from '../scenario/find-scenario.ts';
import { CommandError } from './command-error.ts';
import { errorCode } from './error-code.ts';
import { readOptions, type SimulateOptions } from './options.ts';
import { shownPath } from './shown-path.ts';
import { usage } from './usage.ts';

/** What the command sees of the world. */
export interface Surroundings {
  readonly clock: Clock;
  /** Where the user stands: relative paths start there. */
  readonly directory: string;
  /** Where the default output folder goes. */
  readonly workspaceRoot: string;
  line(text: string): void;
  error(text: string): void;
}

/** Resolves with the exit status. */
export async function simulate(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const options = await readOptions(args, surroundings.directory);
    if (options.help) surroundings.line(usage);
    else if (options.list) surroundings.line(await listScenarios(surroundings.directory));
    else await run(options, surroundings);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    surroundings.error(thrown.message);
    return thrown.exitStatus;
  }
}

async function listScenarios(directory: string): Promise<string> {
  const names = await scenarioNames(scenarioFolder);
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map(
    async (name) => `${name.padEnd(width)}  ${(await findScenario(name, directory)).file.title}`,
  );
  return (await Promise.all(lines)).join('\n');
}

async function run(options: SimulateOptions, surroundings: Surroundings): Promise<void> {
  const { clock, directory, workspaceRoot, line, error } = surroundings;
  if (options.scenario === undefined) {
    throw new CommandError(2, 'Name a scenario: --list shows them, --help the options.');
  }
  const named = await findScenario(options.scenario, directory);
  const plans = planRuns(named, options);
  const onRun = createProgress(clock, plans.length * options.runs, error);
  const startedAt = clock.now();
  const columns = plans.map((plan) => runPlan(plan, options.runs, onRun));
  const tookS = (clock.now() - startedAt) / 1_000;
  const path = resolve(directory, options.out ?? join(workspaceRoot, '.simulate', `${named.name}.svg`));
  await write(path, renderPlot(named.file.title, columns), shownPath(path, directory));
  if (options.json) line(JSON.stringify(reportJson(named, columns, path), undefined, 2));
  else
    line(
      `${heading(named, columns)}\n\n${renderTable(columns)}\n\n${shownPath(path, directory)} drawn; ran for ${tookS.toFixed(1)} s.`,
    );
}

function heading({ name, file }: NamedScenario, [column]: readonly Column[]): string {
  if (column === undefined) return '';
  const { scenario, runs } = column;
  const seeds =
    runs === 1 ? `seed ${scenario.seed}` : `seeds ${scenario.seed} to ${scenario.seed + runs - 1}`;
  const rate = `${scenario.durationMs / 1_000} s at ${scenario.ratePerSecond} calls/s, ${seeds}`;
  return `${name}: ${file.title}\n${rate}${runs === 1 ? '' : '; medians, the worst run in brackets'}`;
}

async function write(path: string, text: string, shownAs: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new CommandError(
      1,
      `${shownAs} cannot be written (${errorCode(cause)}); give another path with --out.`,
      cause,
    );
  }
}
