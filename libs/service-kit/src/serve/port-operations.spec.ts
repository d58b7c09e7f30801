import { describe, expect, it } from '@jest/globals';
import { orderOperations } from '@bff/contracts';
import { openTestContext } from '@bff/core/testing';
import { bindOperations } from './port-operations.ts';

describe('bindOperations', () => {
  it('refuses a NUL in any text before the port sees it', () => {
    const asked: unknown[] = [];
    const port = { get: (request: unknown) => asked.push(request) };
    const [get] = bindOperations({ get: orderOperations.get }, port);
    const scope = openTestContext();
    for (const request of [{ orderId: 'ord\u0000' }, { orderIds: ['a', 'b\u0000c'] }]) {
      expect(() => get!.call(request, scope.context)).toThrow('NUL');
    }
    void get!.call({ orderId: 'ord_0001' }, scope.context);
    expect(asked).toEqual([{ orderId: 'ord_0001' }]);
    scope.close();
  });
});
