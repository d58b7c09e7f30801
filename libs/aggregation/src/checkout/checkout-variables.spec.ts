import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkoutTimes } from './checkout-times.ts';
import { checkoutVariables, readCheckoutOptions } from './checkout-variables.ts';

const schema = z.object(checkoutVariables());
const read = (variables: Record<string, string>, d = 'secret') =>
  readCheckoutOptions({ ...schema.parse(variables), INTERNAL_SIGNING_KEY: { d } });

describe('the variables of checkout', () => {
  it('have the documented defaults', () => {
    const { stepTimeoutMs, patienceMs, leaseMs, recoveryIntervalMs, outcomeLifetimeMs } = checkoutTimes;
    expect(read({}).times).toEqual({
      stepTimeoutMs,
      patienceMs,
      leaseMs,
      recoveryIntervalMs,
      outcomeLifetimeMs,
    });
  });

  it('replace the key that seals by putting a new one in front', () => {
    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const sealed = read({ CHECKOUT_JOURNAL_KEYS: first }).sealer.seal('text', 'here');
    const rotated = read({ CHECKOUT_JOURNAL_KEYS: `${second}, ${first}` });
    expect(rotated.sealer.open(sealed, 'here')).toBe('text');
    expect(() => read({ CHECKOUT_JOURNAL_KEYS: second }).sealer.open(sealed, 'here')).toThrow();
  });

  it('derive a key from the signing key when none is given: the same for the instances of one app', () => {
    const sealed = read({}).sealer.seal('text', 'here');
    expect(read({}).sealer.open(sealed, 'here')).toBe('text');
    expect(() => read({}, 'other').sealer.open(sealed, 'here')).toThrow();
  });

  it.each([
    { CHECKOUT_JOURNAL_KEYS: 'short' },
    { CHECKOUT_STEP_TIMEOUT_MS: '0' },
    { CHECKOUT_PATIENCE_MS: 'a minute' },
  ])('refuse %j, and show no key', (variables) => {
    const { error } = schema.safeParse(variables);
    expect(error?.issues).toHaveLength(1);
    expect(JSON.stringify(error)).not.toContain('short');
  });
});
