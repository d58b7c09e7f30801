import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgesOf } from './testing/answer.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
let own: string[];
beforeAll(async () => {
  bff = await startTestApp();
  own = bff.sample.orders.filter(({ customerId }) => customerId === 'alice').map(({ orderId }) => orderId);
});
afterAll(() => bff.close());

const list = `query($first: Int, $after: String, $status: OrderStatus) {
  orders(first: $first, after: $after, status: $status) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

async function page(variables: Record<string, unknown>) {
  const { body } = await bff.ask(list, { variables });
  expect(body.errors).toBeUndefined();
  const edges = edgesOf(body);
  const { pageInfo } = body.data.orders as { pageInfo: PageInfo };
  return { ids: edges.map(({ node }) => node.id), cursors: edges.map(({ cursor }) => cursor), pageInfo };
}

describe('orders', () => {
  it('gives 20 of the caller’s own, newest first, unless told otherwise', async () => {
    const { ids, cursors, pageInfo } = await page({});
    expect(ids).toEqual(own.slice(0, 20));
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: cursors[0],
      endCursor: cursors[19],
    });
    expect((await page({ first: null })).ids).toEqual(ids);
    expect((await page({ first: 1000 })).ids).toEqual(own.slice(0, 100));
  });

  it.each([7, 50, 100])('goes through all of them by endCursor, %s at a time', async (first) => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { ids, pageInfo } = await page({ first, after });
      seen.push(...ids);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(own);
  });

  it('continues after any edge, in the middle of a page too', async () => {
    const { cursors } = await page({ first: 30 });
    const middle = await page({ first: 5, after: cursors[12] });
    expect(middle.ids).toEqual(own.slice(13, 18));
    const further = await page({ first: 40, after: middle.cursors[2] });
    expect(further.ids).toEqual(own.slice(16, 56));
    const atTheEdge = await page({ first: 90, after: cursors[28] });
    expect(atTheEdge.ids).toEqual(own.slice(29, 29 + atTheEdge.ids.length));
    expect(atTheEdge.pageInfo.hasNextPage).toBe(true);
    const rest = await page({ first: 2, after: atTheEdge.pageInfo.endCursor });
    expect(rest.ids[0]).toBe(own[29 + atTheEdge.ids.length]);
  });

  it('repeats no order when newer ones have come since', async () => {
    const { cursors } = await page({ first: 10 });
    const alice = bff.sample.orders.find(({ orderId }) => orderId === own[0])!;
    const orders = bff.sample.orders as (typeof alice)[];
    orders.unshift({ ...alice, orderId: 'ord_9999' });
    const { ids } = await page({ first: 3, after: cursors[4] });
    orders.shift();
    expect(ids[0]).toBe(own[5]);
  });

  it('keeps to one status', async () => {
    const { ids } = await page({ status: 'CANCELLED', first: 100 });
    const cancelled = bff.sample.orders.filter(
      ({ orderId, status }) => own.includes(orderId) && status === 'cancelled',
    );
    expect(ids).toEqual(cancelled.map(({ orderId }) => orderId));
  });

  it('is empty for a customer without orders', async () => {
    const { body } = await bff.ask(list, { token: await bff.token({ sub: 'carol' }) });
    expect(body.data.orders).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it.each([
    [{ first: 0 }, 'first'],
    [{ first: -3 }, 'first'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: '' }, 'after'],
    [{ after: Buffer.from('p.made-up').toString('base64url') }, 'after'],
  ])('refuses %j and names the argument', async (variables, field) => {
    const { status, body } = await bff.ask(list, { variables });
    expect(status).toBe(200);
    expect(body.data).toEqual({ orders: null });
    expect(body.errors[0]).toMatchObject({
      path: ['orders'],
      extensions: { code: 'BAD_USER_INPUT', faults: [{ field, message: expect.any(String) }] },
    });
  });
});
