import type { Figures } from './judge-run.ts';

const widths = [11, 5, 8, 7, 8, 5, 6, 9, 7, 7, 10, 9, 21, 8, 8, 8, 8];
const row = (cells: readonly (string | number)[]) =>
  cells
    .map((cell, index) => String(cell).padEnd(widths[index] ?? 8))
    .join(' ')
    .trimEnd();

export const heading = row([
  'fault',
  'over',
  'offered',
  'failed',
  'doubled',
  'lost',
  'twice',
  'attempts',
  'errors',
  'later',
  'stopped',
  'ejected',
  'because of',
  'p99 ms',
  'max ms',
  'retries',
  'stall ms',
]);

/** One line of the table; failures are listed after it. */
export function formatFigures(fault: string, protocol: string, figures: Figures): string {
  const line = row([
    fault,
    protocol,
    figures.offered,
    figures.failed.length,
    figures.doubled,
    figures.lost,
    figures.sentTwice,
    figures.attemptsUntilEjected,
    figures.failuresUntilEjected,
    figures.avoidableFailures,
    Math.round(figures.trafficStoppedMs),
    figures.ejectedMs === undefined ? '–' : Math.round(figures.ejectedMs),
    figures.ejection,
    Math.round(figures.p99Ms),
    Math.round(figures.slowestMs),
    figures.retries,
    Math.round(figures.stallMs),
  ]);
  const counts = Map.groupBy(figures.failed, (failure) => failure);
  const failures = [...counts].map(([failure, all]) => `${all.length} × ${failure}`);
  return failures.length === 0 ? line : `${line}\n  ${failures.join(', ')}`;
}
