import { beforeEach, describe, expect, it } from '@jest/globals';
import { failure, openBalancer, success } from '../testing/opened-balancer.ts';
import { payForRetry } from './pay-for-retry.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

let { balancer, clock, attemptAt } = openBalancer('a', 'b');
let budget: RetryBudget;
beforeEach(() => {
  ({ balancer, clock, attemptAt } = openBalancer('a', 'b'));
  budget = createRetryBudget({ clock });
});

const pay = (tried: readonly string[], kind: Parameters<typeof failure>[0] = 'refused') =>
  payForRetry({ failure: kind, tried: new Set(tried) }, budget, (ids) => balancer.failsOver(ids));
/** As many as the budget refuses none of. */
const exhaust = () => {
  while (budget.tryTake());
};

describe('payForRetry', () => {
  it('takes what failed at an instance that still has its traffic out of the budget', () => {
    expect(pay(['a'], 'server_error')).toBe('budget');
    exhaust();
    expect(pay(['a'], 'server_error')).toBe('refused');
  });

  it('refuses no failover, and lets others wait until it is earned', () => {
    attemptAt('a', failure('reset'));
    for (let call = 0; call < 100; call++) expect(pay(['a'], 'reset')).toBe('failover');
    expect(budget.remaining()).toBe(0);
    expect(budget.tryTake()).toBe(false);
    clock.runUntil(clock.now() + 11_000);
    expect(budget.remaining()).toBe(20);
  });

  it.each(['timeout', 'server_error'] as const)('fails over after %s, too, once it is ejected', (kind) => {
    for (let attempt = 0; attempt < 5; attempt++) attemptAt('a', failure(kind));
    exhaust();
    expect(pay(['a'], kind)).toBe('failover');
  });

  it('pushes nothing to the next that one was asked to spare', () => {
    attemptAt('a', failure('refused'));
    exhaust();
    expect(pay(['a'], 'overloaded')).toBe('refused');
  });

  it('knows no failover in a total outage, nor once all have been tried', () => {
    attemptAt('a', failure('refused'));
    exhaust();
    expect(pay(['a', 'b'])).toBe('refused');
    attemptAt('b', failure('refused'));
    expect(pay(['a'])).toBe('refused');
    attemptAt('b', success);
    expect(pay(['a'])).toBe('failover');
  });

  it('takes an instance for set aside that its health check took out, or that discovery dropped', () => {
    exhaust();
    balancer.setHealth('a', false);
    expect(pay(['a'], 'timeout')).toBe('failover');
    expect(pay(['gone'], 'reset')).toBe('failover');
  });
});
