import type { BalancerEvent, FailureKind, RetryDecision } from '@bff/load-balancing';

type Refusal = Extract<RetryDecision, { retry: false }>['because'];

/** A further attempt was made, or was not although the one before had failed. */
export type FurtherAttemptEvent =
  | { readonly kind: 'retry'; readonly operation: string; readonly because: FailureKind }
  | {
      readonly kind: 'retry_denied';
      readonly operation: string;
      readonly because: Refusal | 'budget' | 'no_other_instance';
    }
  /** After the p99 delay; `denied` when the budget had nothing left. */
  | { readonly kind: 'hedge' | 'hedge_denied'; readonly operation: string }
  /** The hedge answered first. */
  | { readonly kind: 'hedge_won'; readonly operation: string };

/** What an upstream tells about its decisions, for metrics and logs. */
export type UpstreamEvent = { readonly upstream: string } & (
  | BalancerEvent
  | FurtherAttemptEvent
  /** The name does not resolve, the file cannot be read: the last good list of instances stays. */
  | { readonly kind: 'discovery_failed'; readonly error: unknown }
);

/** Called in the middle of a call: be quick, and do not throw. */
export type OnUpstreamEvent = (event: UpstreamEvent) => void;
