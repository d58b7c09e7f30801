import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serviceVariables } from './service-variables.ts';
import { readWatchUrls, watchVariables } from './watch-variables.ts';

const schema = z.object({ ...serviceVariables(), ...watchVariables() });

const watched = {
  ORDER_SERVICE_WATCH_URL: 'grpc://a:1,grpc://b:1',
  PAYMENT_SERVICE_WATCH_URL: 'dns+grpc://payments:1',
  SHIPPING_SERVICE_WATCH_URL: 'grpc://c:1',
};

describe('where services are watched', () => {
  it('is where the variables say', () => {
    expect(readWatchUrls(schema.parse(watched))).toEqual({
      orders: 'grpc://a:1,grpc://b:1',
      payments: 'dns+grpc://payments:1',
      shipments: 'grpc://c:1',
    });
  });

  it('is where they are asked when that is gRPC', () => {
    const { PAYMENT_SERVICE_WATCH_URL: _none, ...others } = watched;
    const configuration = schema.parse({ ...others, PAYMENT_SERVICE_URL: 'grpc://p:1' });
    expect(readWatchUrls(configuration)?.payments).toBe('grpc://p:1');
  });

  it('is nowhere as long as one of them is known over HTTP alone', () => {
    expect(readWatchUrls(schema.parse({}))).toBeUndefined();
    const { PAYMENT_SERVICE_WATCH_URL: _none, ...others } = watched;
    expect(readWatchUrls(schema.parse(others))).toBeUndefined();
  });

  it.each(['http://a:1', 'nonsense', ''])('is refused as %p', (address) => {
    const parsed = schema.safeParse({ ORDER_SERVICE_WATCH_URL: address });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['ORDER_SERVICE_WATCH_URL'] });
  });
});
