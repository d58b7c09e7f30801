import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ordersOf } from './testing/answer.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterEach(() => void bff.takeCalls());
afterAll(() => bff.close());

const everyField = `
  query EveryField($id: ID!) {
    node(id: $id) { __typename id ...order }
  }
  fragment order on Order {
    id status placedAt updatedAt itemCount
    total { minorUnits currency }
    lines { sku title name quantity unitPrice { minorUnits currency } }
    shippingAddress { recipient street postalCode city country }
    payment { id status amount { minorUnits currency } method { brand lastFour } updatedAt }
    shipment {
      id status carrier trackingNumber estimatedDelivery updatedAt
      events { status time place }
      latestEvent { status time place }
    }
  }`;

function iso(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

describe('an order', () => {
  it('has every field of the schema, from the three services', async () => {
    const order = bff.sample.orders.find(({ orderId }) => orderId === 'ord_0001')!;
    const payment = bff.sample.payments.find(({ orderId }) => orderId === 'ord_0001')!;
    const shipment = bff.sample.shipments.find(({ orderId }) => orderId === 'ord_0001')!;
    const events = shipment.events.map(({ place, time }, index) => ({
      status: ['PREPARING', 'IN_TRANSIT', 'IN_TRANSIT'][index],
      time: iso(time),
      place,
    }));
    const { body } = await bff.ask(everyField, { variables: { id: 'ord_0001' } });
    expect(body).toEqual({
      data: {
        node: {
          __typename: 'Order',
          id: 'ord_0001',
          status: 'CONFIRMED',
          placedAt: iso(order.createTime),
          updatedAt: iso(order.updateTime),
          itemCount: 6,
          total: order.total,
          lines: order.lines.map((line) => ({ ...line, title: line.name.split(',')[0] })),
          shippingAddress: order.shippingAddress,
          payment: {
            id: 'pay_0001',
            status: 'CAPTURED',
            amount: payment.amount,
            method: payment.method,
            updatedAt: iso(payment.updateTime),
          },
          shipment: {
            id: 'shp_0001',
            status: 'IN_TRANSIT',
            carrier: shipment.carrier,
            trackingNumber: shipment.trackingNumber,
            estimatedDelivery: iso(shipment.estimatedDeliveryTime),
            updatedAt: iso(shipment.updateTime),
            events,
            latestEvent: events.at(-1),
          },
        },
      },
    });
  });

  it('leaves no field of the schema out of the test above', async () => {
    const { body } = await bff.ask('{ __schema { types { name kind fields { name } } } }');
    const types = body.data.__schema.types as { name: string; kind: string; fields: { name: string }[] }[];
    const named = types
      .filter(({ name, kind }) => kind === 'OBJECT' && !name.startsWith('__'))
      // Roots, lists, writes and live updates have tests of their own.
      .filter(({ name }) => !/^(Query|Mutation|Subscription|Viewer|UserError|PageInfo)$/.test(name))
      .filter(({ name }) => !/(Connection|Edge|Update|Payload)$/.test(name))
      .flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(everyField))).toEqual([]);
  });

  it('says each status in the schema’s words', async () => {
    const { body } = await bff.ask(
      '{ orders(first: 100) { edges { node { status payment { status } shipment { status } } } } }',
    );
    expect(body.errors).toBeUndefined();
    const nodes = ordersOf(body);
    const distinct = (values: unknown[]) => [...new Set(values)].sort();
    expect(distinct(nodes.map((node) => node.status))).toEqual(['CANCELLED', 'CONFIRMED', 'PENDING']);
    expect(distinct(nodes.map((node) => node.payment?.status))).toEqual(
      ['AUTHORISED', 'CAPTURED', 'DECLINED', 'REFUNDED', 'VOIDED'].sort(),
    );
    expect(distinct(nodes.map((node) => node.shipment?.status ?? 'none'))).toEqual(
      ['CANCELLED', 'DELIVERED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'PREPARING', 'none'].sort(),
    );
  });
});

describe('calls to services', () => {
  it.each([
    ['{ order(id: "ord_0001") { id } }', ['GetOrder']],
    ['{ order(id: "ord_0001") { payment { id } } }', ['GetOrder', 'ListPayments']],
    ['{ order(id: "ord_0001") { shipment { id } } }', ['GetOrder', 'ListShipments']],
    [
      '{ order(id: "ord_0001") { p: payment { id } ... { shipment { id } } } }',
      ['GetOrder', 'ListPayments', 'ListShipments'],
    ],
    ['{ order(id: "ord_0001") { id payment @include(if: false) { id } } }', ['GetOrder']],
    [
      'query($no: Boolean = true) { order(id: "ord_0001") { id ...p @skip(if: $no) } } fragment p on Order { payment { id } }',
      ['GetOrder'],
    ],
    [
      '{ node(id: "ord_0001") { id ... on Order { ...p } } } fragment p on Order { payment { id } }',
      ['GetOrder', 'ListPayments'],
    ],
    ['{ orders { pageInfo { hasNextPage } } }', ['ListOrders']],
    ['{ orders(first: 50) { edges { node { id payment { id } } } } }', ['ListOrders', 'ListPayments']],
    [
      '{ orders(first: 50) { edges { node { id payment { id } shipment { id } } } } }',
      ['ListOrders', 'ListPayments', 'ListShipments'],
    ],
    ['{ __typename }', []],
  ])('are what the selection needs: %s', async (query, calls) => {
    const { body } = await bff.ask(query);
    expect(body.errors).toBeUndefined();
    expect(bff.takeCalls()).toEqual(calls);
  });

  it('are one to each service for several orders, each with the parts that its field selects', async () => {
    const { body } = await bff.ask(
      '{ a: order(id: "ord_0001") { id payment { status } } b: order(id: "ord_0004") { id shipment { status } } c: node(id: "ord_9999") { id } }',
    );
    expect(body.data).toMatchObject({ a: { id: 'ord_0001', payment: { status: 'CAPTURED' } }, c: null });
    expect(body.errors).toMatchObject([{ path: ['c'], extensions: { code: 'NOT_FOUND' } }]);
    expect(bff.takeCalls().sort()).toEqual(['ListOrders', 'ListPayments', 'ListShipments']);
    await bff.ask('{ a: order(id: "ord_0001") { id } b: order(id: "ord_0004") { id } }');
    expect(bff.takeCalls()).toEqual(['ListOrders']);
  });

  it('are made once for an order under several aliases, with the parts of all of them', async () => {
    const { body } = await bff.ask(
      '{ a: order(id: "ord_0001") { payment { status } } b: node(id: "ord_0001") { ... on Order { shipment { status } } } c: order(id: "ord_0001") { id } }',
    );
    expect(body).toEqual({
      data: {
        a: { payment: { status: 'CAPTURED' } },
        b: { shipment: { status: 'IN_TRANSIT' } },
        c: { id: 'ord_0001' },
      },
    });
    expect(bff.takeCalls()).toEqual(['GetOrder', 'ListPayments', 'ListShipments']);
  });
});
