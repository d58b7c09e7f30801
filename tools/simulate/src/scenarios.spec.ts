import { describe, expect, it } from '@jest/globals';
import { runScenario } from '@bff/load-balancing/simulator';
import { createAdmission } from './run/create-admission.ts';
import { planRuns } from './run/plan-runs.ts';
import { runPlan, type Column, type Figure } from './run/run-plan.ts';
import { findScenario, scenarioFolder, scenarioNames } from './scenario/find-scenario.ts';
import { runShipped } from './testing/run-shipped.ts';

/** What each scenario is there to show. */
const headlines: Record<string, (columns: readonly Column[]) => Promise<void> | void> = {
  'one-dead': ([column]) => {
    expect(successOf(column!)).toBe(1);
    expect(attemptsAt(column!, 'b', 21, 40)).toBeLessThanOrEqual(4);
  },
  'one-slow': ([column]) => {
    expect(successOf(column!)).toBe(1);
    expect(column!.shown.result.latencyMs.p99).toBeLessThan(120);
    expect(reasonsOf(column!)).toContain('slow');
  },
  'one-failing-fast': ([column]) => {
    expect(successOf(column!)).toBeGreaterThanOrEqual(0.999);
    expect(attemptsAt(column!, 'b', 20, 40)).toBeLessThanOrEqual(12);
  },
  flapping: ([column]) => {
    expect(successOf(column!)).toBe(1);
    expect(column!.shown.result.ejections.length).toBeLessThanOrEqual(8);
  },
  'rolling-deploy': ([column]) => {
    expect(successOf(column!)).toBe(1);
    expect(column!.shown.result.failures).toEqual({});
  },
  'scale-up': ([column]) => {
    expect(successOf(column!)).toBe(1);
    expect(attemptsAt(column!, 'c', 20, 22)).toBeGreaterThan(0);
    // Cold and slow for its first five seconds: it is spared until it is fast.
    expect(attemptsAt(column!, 'c', 20, 25) / offeredAt(column!, 20, 25)).toBeLessThan(0.2);
    expect(attemptsAt(column!, 'c', 50, 60) / offeredAt(column!, 50, 60)).toBeGreaterThan(0.25);
  },
  overload: async ([unlimited]) => {
    const peak = await peakGoodput();
    const limited = await overloadedRuns(10);
    const goodput = (column: Column) => figure(column, 'good').worst / peak;
    const critical = figure(limited, 'good of critical calls');
    expect(goodput(unlimited!)).toBeLessThan(0.2);
    expect(goodput(limited)).toBeGreaterThanOrEqual(0.9);
    expect(critical.worst).toBeGreaterThanOrEqual(0.994);
    expect(figure(limited, 'rejected after, p99').worst).toBeLessThan(10);
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    process.stdout.write(
      `L9 3 × overload, ten seeds: goodput at worst ${percent(goodput(limited))} of the peak (without a limit ${percent(goodput(unlimited!))}), critical ${percent(critical.median)}, at worst ${percent(critical.worst)}\n`,
    );
  },
  'outage-and-recovery': ([column]) => {
    const { timeline, attempts, offered } = column!.shown.result;
    expect(attempts / offered).toBeLessThanOrEqual(1.2);
    expect(timeline.slice(41).reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
  },
  'published-eleven': (columns) => {
    const good = columns.map((column) => column.shown.result.goodShare);
    const [roundRobin, leastRequest, peakEwma, byDefault] = good as [number, number, number, number];
    expect(roundRobin).toBeGreaterThan(0.945);
    expect(roundRobin).toBeLessThan(0.96);
    expect(leastRequest).toBeGreaterThan(0.985);
    expect(leastRequest).toBeLessThan(0.997);
    expect(peakEwma).toBeGreaterThanOrEqual(0.999);
    expect(byDefault).toBeGreaterThanOrEqual(0.999);
  },
};

describe('the scenarios that come with the tool', () => {
  it('each have a headline that is tested', async () => {
    expect(Object.keys(headlines).sort()).toEqual(await scenarioNames(scenarioFolder));
  });

  it.each(Object.entries(headlines))(
    '%s shows what it is there for, and leaves nothing open',
    async (name, check) => {
      const columns = await runShipped(name);
      for (const { shown } of columns) expect(shown.result.pendingAtEnd).toBe(0);
      await check(columns);
    },
    60_000,
  );

  it('give the same result for the same seed, and another for another', async () => {
    const named = await findScenario('flapping', scenarioFolder);
    const results = [1, 1, 2].map((seed) => {
      const [plan] = planRuns(named, { pickers: [], policy: {}, seed });
      return runScenario(plan!.scenario, { createAdmission });
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).not.toEqual(results[0]);
  });
});

/** The overload with admission, with so many seeds. */
async function overloadedRuns(runs: number): Promise<Column> {
  const named = await findScenario('overload', scenarioFolder);
  const [, plan] = planRuns(named, { pickers: [], policy: {}, seed: undefined });
  return runPlan(plan!, runs, () => undefined);
}

/** The most that the overload's instances do per second with nothing in front of them, tried around their capacity. */
async function peakGoodput(): Promise<number> {
  const named = await findScenario('overload', scenarioFolder);
  const [plan] = planRuns(named, { pickers: [], policy: {}, seed: undefined });
  const goodputs = [1.8, 1.9, 2].map((factor) => {
    const { timeline } = runScenario({
      ...plan!.scenario,
      surges: [{ fromMs: 20_000, untilMs: 50_000, factor }],
    });
    return timeline.slice(20, 50).reduce((sum, { good }) => sum + good, 0) / 30;
  });
  return Math.max(...goodputs);
}

function successOf({ shown: { result } }: Column): number {
  return result.succeeded / result.offered;
}

function reasonsOf({ shown }: Column): string[] {
  return shown.result.ejections.map(({ reason }) => reason);
}

function attemptsAt({ shown }: Column, id: string, fromS: number, untilS: number): number {
  return shown.result.timeline
    .slice(fromS, untilS)
    .reduce((sum, { attempts }) => sum + (attempts[id] ?? 0), 0);
}

function offeredAt({ shown }: Column, fromS: number, untilS: number): number {
  return shown.result.timeline.slice(fromS, untilS).reduce((sum, { offered }) => sum + offered, 0);
}

function figure({ figures }: Column, name: string): Figure {
  const found = figures.find(({ measure }) => measure.label.trim() === name);
  if (found === undefined) throw new Error(`There is no figure "${name}".`);
  return found;
}
