import type { ErrorCode } from '@bff/core';

/**
 * - `ok`: answered; `stale`: answered from an answer that is no longer fresh;
 * - `unavailable`: failed; `timeout`: no answer in its time; a fallback does not change that;
 * - `skipped`: not asked for, or its inputs never came;
 * - `cancelled`: given up because the client left or a required source failed.
 */
export type SourceStatus = 'ok' | 'stale' | 'unavailable' | 'timeout' | 'skipped' | 'cancelled';

/** What became of one source of an answer. */
export interface SourceOutcome {
  readonly source: string;
  readonly status: SourceStatus;
  /** Undefined unless the source failed. */
  readonly code: ErrorCode | undefined;
  readonly durationMs: number;
  /** How old the answer is, when it was not fetched for this request. */
  readonly ageMs?: number;
}
