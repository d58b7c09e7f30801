import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readServiceOptions, serviceVariables } from './service-variables.ts';

const schema = z.object(serviceVariables());
const read = (variables: Record<string, string>) => readServiceOptions(schema.parse(variables));

describe('the variables of the services', () => {
  it('leave everything at its default', () => {
    expect(read({})).toMatchObject({
      timeoutMs: 1_500,
      healthChecks: true,
      hedging: { operations: [] },
      policy: { picker: 'peak_ewma', retry: { maxRetries: 2 } },
    });
  });

  it('turn retries, health checks and hedging off and on', () => {
    expect(
      read({
        SERVICE_MAX_RETRIES: '0',
        SERVICE_HEALTH_CHECK_MS: '0',
        SERVICE_HEDGED_OPERATIONS: 'GetOrder,ListOrders',
        SERVICE_PICKER: 'least_request',
      }),
    ).toMatchObject({
      healthChecks: false,
      hedging: { operations: ['GetOrder', 'ListOrders'] },
      policy: { picker: 'least_request', retry: { maxRetries: 0 } },
    });
  });

  it.each([
    ['SERVICE_MAX_RETRIES', '6', 'from 0 to 5'],
    ['SERVICE_PICKER', 'fastest', 'peak_ewma, least_request or round_robin'],
    ['SERVICE_HEDGED_OPERATIONS', 'Get Order', 'separated by commas'],
    ['ORDER_SERVICE_URL', 'dns+http://a:1,http://b:2', 'give it alone'],
  ])('refuse %s=%s and say why', (name, value, message) => {
    expect(() => read({ [name]: value })).toThrow(message);
  });
});
