import type { FailureKind, Outcome } from '@bff/load-balancing';

/** Ends the lease of a tunnel, given how long it lasted. */
export type Settle = (outcome: (elapsedMs: number) => Outcome) => void;

export const succeeded = (): Outcome => ({ kind: 'success', latencyMs: undefined });
export const cancelled = (elapsedMs: number): Outcome => ({ kind: 'cancelled', elapsedMs });
export const failed =
  (failure: FailureKind) =>
  (elapsedMs: number): Outcome => ({ kind: 'failure', failure, elapsedMs });

/** The first word counts: how a tunnel ends is told by both of its sides. */
export function settleOnce(settle: Settle): Settle {
  let open = true;
  return (outcome) => {
    if (open) settle(outcome);
    open = false;
  };
}
