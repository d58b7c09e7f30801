import type { ErrorCode } from '@bff/core';

/** Why a part of the answer is missing; `skipped` when nobody asked for it. */
export type MissingCode = ErrorCode | 'skipped';

/**
 * The result of an optional source: its value, or why there is none. A reader has to look at `ok` before there is
 * a value to read, so a partial failure cannot be forgotten. `stale`: an older answer, or a fallback, stands in.
 */
export type Part<T> =
  | { readonly ok: true; readonly value: T; readonly stale?: boolean }
  | { readonly ok: false; readonly code: MissingCode };

/** The same part with its value changed; a missing part stays missing. */
export function mapPart<T, U>(part: Part<T>, change: (value: T) => U): Part<U> {
  return part.ok ? { ...part, value: change(part.value) } : part;
}
