import { once } from 'node:events';
import type { Clock } from '@bff/core';
import type { Purchase } from './books/check-books.ts';
import { settlePurchases } from './books/settle-purchases.ts';
import { untilBalanced } from './books/until-balanced.ts';
import type { Arguments } from './command/read-arguments.ts';
import { createSources } from './load/create-sources.ts';
import { warmUp } from './load/warm-up.ts';
import { buyer, openClients } from './open-clients.ts';
import { planCells } from './plan-cells.ts';
import { formatOverview } from './report/format-overview.ts';
import { formatHead, formatRow } from './report/format-table.ts';
import { isMiss, summarise, type CellSummary } from './report/summarise.ts';
import { runCell } from './run-cell.ts';
import { attachToCompose } from './stack/compose-stack.ts';
import { startStack, type RunningStack } from './stack/running-stack.ts';

export interface SuiteOptions extends Omit<Arguments, 'help' | 'json'> {
  workspaceRoot: string;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  random: () => number;
  nextKey: () => string;
  say: (line: string) => void;
  /** Ends the run early; the stack is stopped then, too. */
  signal: AbortSignal;
}

/** The load is of three users; nobody else's limit is to be met. An order is at its door after two seconds. */
const forTheLoad = { RATE_LIMIT_PER_MINUTE: '10000000', LOG_LEVEL: 'warn', COURIER_INTERVAL_MS: '700' };

/** Runs every cell of the plan on one stack; says each line as soon as it is known. */
export async function runSuite(options: SuiteOptions): Promise<{ summaries: CellSummary[]; misses: number }> {
  const { clock, say, level, portBase, workspaceRoot, signal } = options;
  const environment = { ...forTheLoad, ...options.environment };
  const stack = options.compose
    ? await attachToCompose({ project: 'bff', level, clock })
    : await startStack({ level, portBase, workspaceRoot, environment, clock, signal });
  try {
    say(
      `Level ${String(level)}, ${String(options.rate)} requests a second, ${String(options.repeats)} times each.\n`,
    );
    const summaries = await Promise.race([runCells(options, stack), failsWith(signal)]);
    say(`\nNoticed by clients, of so many requests; p99 during the fault:\n\n${formatOverview(summaries)}\n`);
    const misses = summaries.filter(isMiss).length;
    say(`${String(summaries.length)} cells, ${String(misses)} with a miss`);
    return { summaries, misses };
  } finally {
    await stack.stop();
  }
}

async function runCells(options: SuiteOptions, stack: RunningStack): Promise<CellSummary[]> {
  const { clock, say } = options;
  const summaries: CellSummary[] = [];
  say(formatHead());
  const apps = [...new Set(stack.state().processes.map(({ app }) => app))];
  const earlier: Purchase[] = await warmUpStack(options, stack);
  for (const planned of planCells({ apps, ...options, onDemand: !options.compose })) {
    // Signed in anew for each: an access token lives for a quarter of an hour.
    const clients = await openClients({ ...options, stack });
    const cell = await runCell({
      ...{ cell: planned, stack, clients, clock, random: options.random },
      sources: createSources(clients, options.nextKey, options.rate),
    });
    const purchases = await settlePurchases(cell.samples, clients, clock);
    const findings = await untilBalanced(() => stack.readBooks(buyer), [...earlier, ...purchases], clock);
    earlier.push(...purchases);
    const summary = summarise(cell, findings);
    summaries.push(summary);
    say(formatRow(summary));
    for (const reason of summary.reasons) say(`    ${reason}`);
    await Promise.all(clients.map((client) => client.close()));
  }
  return summaries;
}

/** Never resolves; what is under way then is left to the end of the process. */
async function failsWith(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error(`Ended by ${String(signal.reason)}.`);
}

/** What has just started is slow for reasons of its own, and its first requests are not what is counted; its purchases stand in the books. */
async function warmUpStack(options: SuiteOptions, stack: RunningStack): Promise<Purchase[]> {
  const { clock, nextKey, rate } = options;
  const clients = await openClients({ ...options, stack });
  const samples = await warmUp((share) => createSources(clients, nextKey, rate * share), clock);
  const purchases = await settlePurchases(samples, clients, clock);
  await Promise.all(clients.map((client) => client.close()));
  return purchases;
}
