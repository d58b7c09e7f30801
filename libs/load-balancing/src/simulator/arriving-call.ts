import type { FailureKind } from '../outcome.ts';

/** What an instance answers. */
export type Answer =
  'success' | { readonly failure: FailureKind; readonly retryAfterMs?: number | undefined };
export type OnAnswer = (answer: Answer) => void;

/** What an instance sees of a call. */
export interface ArrivingCall {
  readonly priority: string;
  /** When its caller gives up; an instance does not learn of it, and works on. */
  readonly timeoutMs: number;
}
