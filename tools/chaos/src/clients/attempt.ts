/** How one attempt at one address went. */
export type Attempt<T = unknown> =
  | { readonly kind: 'done'; readonly value: T; readonly isPartial?: boolean }
  /** Refused for good: nothing that another attempt would change. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nobody knows whether it was carried out. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly retryAfterMs?: number }
  /** The connection was refused: surely nothing was carried out. */
  | { readonly kind: 'unsent'; readonly detail: string };

/** What a client's user sees in the end. */
export interface Outcome<T = unknown> {
  readonly ok: boolean;
  readonly attempts: number;
  readonly value?: T;
  /** An answer of use that lacks a part, and says so. */
  readonly isPartial?: boolean;
  /** The answer is final, for better or worse; otherwise nobody knows whether it was carried out. */
  readonly final: boolean;
  /** Why it failed. */
  readonly detail?: string;
}
