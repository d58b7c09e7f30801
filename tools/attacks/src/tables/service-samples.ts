import type { Outcome } from '../attack.ts';
import type { Target } from '../world/target.ts';

/** What a service takes as a new resource, and how to tell that it made it as it makes all. */
export interface ServiceSample {
  readonly collection: string;
  /** Member of an answer that has the resource. */
  readonly noun: string;
  readonly listed: string;
  readonly idMember: string;
  /** Of a resource that is there, though not the caller's to choose. */
  readonly takenId: string;
  readonly body: (members?: object) => string;
  /** The number in it, as it is written; undefined where there is none. */
  readonly number: string | undefined;
  /** A state that no new resource has. */
  readonly laterState: string;
  readonly newState: string;
}

const json = (right: object) => (members: object) => JSON.stringify({ ...right, ...members });
const address = { recipient: 'A', street: 'B 1', postalCode: '1000 AA', city: 'C', country: 'NL' };
const unitPrice = { currency: 'EUR', minorUnits: '100' };

export const serviceSamples: Readonly<Record<string, ServiceSample>> = {
  'order-service': {
    ...{ collection: '/v1/orders', noun: 'order', listed: 'orders' },
    ...{ idMember: 'orderId', takenId: 'ord_0001' },
    body: (members = {}) =>
      json({ lines: [{ sku: 'MUG', name: 'Mug', quantity: 1, unitPrice }], shippingAddress: address })(
        members,
      ),
    number: '"quantity":1',
    laterState: 'ORDER_STATUS_CONFIRMED',
    newState: 'ORDER_STATUS_PENDING',
  },
  'payment-service': {
    ...{ collection: '/v1/payments', noun: 'payment', listed: 'payments' },
    ...{ idMember: 'paymentId', takenId: 'pay_0001' },
    body: (members = {}) =>
      json({ orderId: 'ord_0001', amount: unitPrice, methodToken: 'tok_visa' })(members),
    number: '"minorUnits":"100"',
    laterState: 'PAYMENT_STATUS_CAPTURED',
    newState: 'PAYMENT_STATUS_AUTHORISED',
  },
  'shipping-service': {
    ...{ collection: '/v1/shipments', noun: 'shipment', listed: 'shipments' },
    ...{ idMember: 'shipmentId', takenId: 'shp_0001' },
    body: (members = {}) => json({ orderId: 'ord_0001', address })(members),
    number: undefined,
    laterState: 'SHIPMENT_STATUS_DELIVERED',
    newState: 'SHIPMENT_STATUS_PREPARING',
  },
};

/** The sample of the service under attack. */
export function sampleOf({ server }: { readonly server: string }): ServiceSample {
  const sample = serviceSamples[server];
  if (!sample) throw new Error(`${server} keeps no resources.`);
  return sample;
}

/** A list that a service gives to alice is of hers and of nobody else's, whoever the request says that she is. */
export function faultOfOwner({ body }: Outcome, { server }: Pick<Target, 'server'>): string | undefined {
  if (serviceSamples[server] === undefined) return undefined;
  const isHers = body.includes('alice') && !/bob|mallory/.test(body);
  return isHers ? undefined : 'the list is not that of who asks';
}
