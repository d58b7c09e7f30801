import { countMisses, type CellSummary } from './summarise.ts';

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** A line for each tier and a column for each fault, as Markdown: what clients noticed, and the p99 during the fault. */
export function formatOverview(summaries: readonly CellSummary[]): string {
  const tiers = [...new Set(summaries.map(({ app }) => app))];
  const faults = [...new Set(summaries.map(({ fault }) => fault))];
  const cellOf = (tier: string, fault: string) => {
    const found = summaries.find((summary) => summary.app === tier && summary.fault === fault);
    return found
      ? `${String(countMisses(found))} of ${String(found.requests)}, ${found.p99During.toFixed(0)} ms`
      : '–';
  };
  return [
    row(['tier', ...faults]),
    row(['---', ...faults.map(() => '---')]),
    ...tiers.map((tier) => row([tier, ...faults.map((fault) => cellOf(tier, fault))])),
  ].join('\n');
}
