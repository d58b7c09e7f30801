import type { Findings } from '../books/check-books.ts';
import type { Sample } from '../load/open-loop.ts';
import type { CellResult } from '../run-cell.ts';

/** One line of the table. */
export interface CellSummary {
  readonly app: string;
  readonly fault: string;
  readonly repeats: number;
  readonly requests: number;
  readonly failedReads: number;
  readonly failedPurchases: number;
  /** Screens that lacked a part, and said so. */
  readonly partialReads: number;
  /** Purchases and money that are not as the clients were told. */
  readonly lost: number;
  readonly doubled: number;
  readonly unbalanced: number;
  /** Streams that ended before their order was delivered, and those of them that nobody ended in order. */
  readonly streamEnds: number;
  readonly roughEnds: number;
  /** Of followed orders: steps that were not shown, and those that were shown twice or in the wrong order. */
  readonly missedSteps: number;
  readonly repeatedSteps: number;
  /** The longest time without a stream, in milliseconds. */
  readonly longestGap: number;
  /** Ends in order were called for, and some were not. */
  readonly isRude: boolean;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99Before: number;
  readonly p99During: number;
  readonly max: number;
  /** The first few reasons of failures. */
  readonly reasons: readonly string[];
}

export function summarise(cell: CellResult, findings: Findings): CellSummary {
  const { samples, windows, followed } = cell;
  const failed = samples.filter(({ outcome }) => !outcome.ok);
  const isPurchase = ({ operation }: Sample) => operation.endsWith('buy');
  const during = samples.filter(({ startedAt }) =>
    windows.some(({ from, until }) => startedAt >= from && startedAt < until),
  );
  const inWindow = new Set(during);
  const without = samples.filter((sample) => !inWindow.has(sample));
  const rough = followed.ends.filter(({ polite }) => !polite);
  return {
    ...{ app: cell.app, fault: cell.fault.name, repeats: cell.repeats, requests: samples.length },
    failedReads: failed.filter((sample) => !isPurchase(sample)).length,
    failedPurchases: failed.filter(isPurchase).length,
    partialReads: samples.filter(({ outcome }) => outcome.isPartial).length,
    ...{
      lost: findings.lost.length,
      doubled: findings.doubled.length,
      unbalanced: findings.unbalanced.length,
    },
    streamEnds: followed.ends.length,
    roughEnds: rough.length,
    missedSteps: followed.missed.length,
    repeatedSteps: followed.repeated.length,
    longestGap: Math.max(0, ...followed.ends.map(({ gapMs }) => gapMs)),
    isRude: cell.fault.isOrderly === true && rough.length > 0,
    p50: quantile(samples, 0.5),
    p99Before: quantile(without, 0.99),
    p99During: quantile(during, 0.99),
    max: quantile(samples, 1),
    reasons: [
      ...new Set(failed.map(({ operation, outcome }) => `${operation}: ${shorten(outcome.detail ?? '')}`)),
      ...Object.values(findings as unknown as Record<string, readonly string[]>).flat(),
      ...followed.missed.map((step) => `not shown: ${step}`),
      ...followed.repeated.map((step) => `shown again: ${step}`),
      ...(cell.fault.isOrderly ? new Set(rough.map(({ kind, detail }) => `${kind} ended: ${detail}`)) : []),
    ].slice(0, 8),
  };
}

/** Without what is different in each of many failures of one kind. */
function shorten(detail: string): string {
  return detail.replaceAll(/"requestId":"[^"]*"?,?/g, '').slice(0, 240);
}

function quantile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** How often a client noticed something, or the books do not balance. */
export function countMisses(cell: CellSummary): number {
  const { failedReads, failedPurchases, lost, doubled, unbalanced, missedSteps, repeatedSteps } = cell;
  return failedReads + failedPurchases + lost + doubled + unbalanced + missedSteps + repeatedSteps;
}

/** Whether anything is not as it should be. */
export function isMiss(cell: CellSummary): boolean {
  return countMisses(cell) > 0 || cell.isRude;
}
