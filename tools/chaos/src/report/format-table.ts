import type { CellSummary } from './summarise.ts';

const columns: readonly (readonly [title: string, value: (cell: CellSummary) => string])[] = [
  ['tier', ({ app }) => app],
  ['fault', ({ fault }) => fault],
  ['times', ({ repeats }) => String(repeats)],
  ['requests', ({ requests }) => String(requests)],
  ['failed reads', ({ failedReads }) => String(failedReads)],
  ['failed purchases', ({ failedPurchases }) => String(failedPurchases)],
  ['part missing', ({ partialReads }) => String(partialReads)],
  ['lost', ({ lost }) => String(lost)],
  ['doubled', ({ doubled }) => String(doubled)],
  ['unbalanced', ({ unbalanced }) => String(unbalanced)],
  ['streams ended', ({ streamEnds }) => String(streamEnds)],
  ['of them rudely', ({ roughEnds }) => String(roughEnds)],
  ['steps missed', ({ missedSteps }) => String(missedSteps)],
  ['shown twice', ({ repeatedSteps }) => String(repeatedSteps)],
  ['longest without', ({ longestGap }) => `${longestGap.toFixed(0)} ms`],
  ['p50', ({ p50 }) => `${p50.toFixed(0)} ms`],
  ['p99 without', ({ p99Before }) => `${p99Before.toFixed(0)} ms`],
  ['p99 during', ({ p99During }) => `${p99During.toFixed(0)} ms`],
  ['longest', ({ max }) => `${max.toFixed(0)} ms`],
];

const widths = columns.map(([title]) =>
  Math.max(title.length, title === 'tier' || title === 'fault' ? 17 : 7),
);

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
}

/** The table's head, as Markdown. */
export function formatHead(): string {
  return `${row(columns.map(([title]) => title))}\n${row(widths.map((width) => '-'.repeat(width)))}`;
}

export function formatRow(cell: CellSummary): string {
  return row(columns.map(([, value]) => value(cell)));
}
