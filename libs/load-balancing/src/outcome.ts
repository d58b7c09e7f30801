/**
 * Why an attempt failed, in the terms that decide about ejection and retry:
 * - `refused`: no connection (refused, unreachable, not established in time) or the stream was turned away: surely not processed;
 * - `reset`: the connection was lost before the answer was complete: perhaps processed;
 * - `timeout`: no complete answer in time;
 * - `server_error`: an answer that says the instance is broken, or an answer that makes no sense;
 * - `overloaded`: the instance asks for less traffic.
 */
export type FailureKind = 'refused' | 'reset' | 'timeout' | 'server_error' | 'overloaded';

/** How an attempt at one endpoint ended; what a balancer learns from. */
export type Outcome =
  /** Answered, be it with the caller's own error. `latencyMs` is undefined for streams: their length says nothing about load. */
  | { readonly kind: 'success'; readonly latencyMs: number | undefined }
  | {
      readonly kind: 'failure';
      readonly failure: FailureKind;
      readonly elapsedMs: number;
      /** The instance's own wish (`Retry-After`). */
      readonly retryAfterMs?: number | undefined;
    }
  /** The caller left; says nothing about the instance except that it took at least this long. */
  | { readonly kind: 'cancelled'; readonly elapsedMs: number };
