import type { ManagedBalancer } from '../balancer.ts';
import type { FailureKind } from '../outcome.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RetryToPay {
  readonly failure: FailureKind;
  /** The instances that the call has tried. */
  readonly tried: ReadonlySet<string>;
}

export type RetryPayment = 'failover' | 'budget' | 'refused';

/**
 * Pays for a further attempt that is allowed otherwise. A failover costs its share of the budget, too, but is never
 * refused: with a pair, half of the calls in flight meet the instance that dies, and no budget of a fifth is enough
 * for them. It adds nothing to the load of the others, which had got these calls at once if it had been known sooner,
 * and it ends with the first failure of the last instance: a total outage is retried within the budget alone.
 * Not for `overloaded`: what one sheds must not be pushed to the next.
 */
export function payForRetry(
  { failure, tried }: RetryToPay,
  budget: RetryBudget,
  failsOver: ManagedBalancer['failsOver'],
): RetryPayment {
  if (failure !== 'overloaded' && failsOver(tried)) {
    budget.take();
    return 'failover';
  }
  return budget.tryTake() ? 'budget' : 'refused';
}
