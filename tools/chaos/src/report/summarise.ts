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
  /** Purchases and money that are not as the clients were told. */
  readonly lost: number;
  readonly doubled: number;
  readonly unbalanced: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99Before: number;
  readonly p99During: number;
  readonly max: number;
  /** The first few reasons of failures. */
  readonly reasons: readonly string[];
}

export function summarise(cell: CellResult, findings: Findings): CellSummary {
  const { samples, windows } = cell;
  const failed = samples.filter(({ outcome }) => !outcome.ok);
  const isPurchase = ({ operation }: Sample) => operation.endsWith('buy');
  const during = samples.filter(({ startedAt }) =>
    windows.some(({ from, until }) => startedAt >= from && startedAt < until),
  );
  const first = windows[0]?.from ?? Infinity;
  const before = samples.filter(({ startedAt }) => startedAt < first);
  return {
    ...{ app: cell.app, fault: cell.fault, repeats: cell.repeats, requests: samples.length },
    failedReads: failed.filter((sample) => !isPurchase(sample)).length,
    failedPurchases: failed.filter(isPurchase).length,
    ...{
      lost: findings.lost.length,
      doubled: findings.doubled.length,
      unbalanced: findings.unbalanced.length,
    },
    p50: quantile(samples, 0.5),
    p99Before: quantile(before, 0.99),
    p99During: quantile(during, 0.99),
    max: quantile(samples, 1),
    reasons: [
      ...new Set(failed.map(({ operation, outcome }) => `${operation}: ${outcome.detail ?? ''}`)),
      ...Object.values(findings as unknown as Record<string, readonly string[]>).flat(),
    ].slice(0, 6),
  };
}

function quantile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Whether a client noticed anything, or the books do not balance. */
export function isMiss({ failedReads, failedPurchases, lost, doubled, unbalanced }: CellSummary): boolean {
  return failedReads + failedPurchases + lost + doubled + unbalanced > 0;
}
