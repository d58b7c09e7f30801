import type { Order, Payment, Shipment } from '@bff/contracts';
import { formatId } from '../store/resource.ts';
import { addresses, articles } from './catalogue.ts';
import { createSamplePayment } from './sample-payment.ts';
import { createSampleShipment } from './sample-shipment.ts';

/** How far an order has come; every state of payment and shipment is among them, and they fit together. */
export interface SampleStory {
  order: Order['status'];
  payment: Payment['status'];
  /** Undefined when nothing was sent yet. */
  shipment: Shipment['status'] | undefined;
}

export interface SampleOrder {
  order: Order;
  payment: Payment;
  shipment: Shipment | undefined;
  /** The simulated courier moves this shipment on. */
  moves: boolean;
}

export type SampleData = readonly SampleOrder[];

const stories: readonly SampleStory[] = [
  { order: 'confirmed', payment: 'captured', shipment: 'delivered' },
  { order: 'confirmed', payment: 'captured', shipment: 'in_transit' },
  { order: 'confirmed', payment: 'authorised', shipment: 'preparing' },
  { order: 'cancelled', payment: 'voided', shipment: 'cancelled' },
  { order: 'pending', payment: 'authorised', shipment: undefined },
  { order: 'confirmed', payment: 'captured', shipment: 'out_for_delivery' },
  { order: 'cancelled', payment: 'refunded', shipment: 'cancelled' },
  { order: 'confirmed', payment: 'captured', shipment: 'delivered' },
  { order: 'pending', payment: 'declined', shipment: undefined },
  { order: 'confirmed', payment: 'captured', shipment: 'preparing' },
  { order: 'confirmed', payment: 'refunded', shipment: 'delivered' },
];

const count = 300;
/** `ord_0001` … `ord_0010` are alice's and never move by themselves: documentation and tests show them. */
const documented = 10;
const firstOrderTime = Date.UTC(2026, 0, 5, 9, 12, 30);
/** From 5 January to the end of March 2026. */
const timeBetweenOrders = 6 * 3_600_000 + 49 * 60_000 + 11_000;

/**
 * The sample orders with their payments and shipments, oldest first: the same in all three services, whichever process
 * makes them. Alice and bob have orders, carol has none. `ord_0007` is paid by `pay_0007` and sent as `shp_0007`.
 */
export function createSampleData(): SampleData {
  return Array.from({ length: count }, (_, index) => createSampleOrder(index + 1));
}

function createSampleOrder(number: number): SampleOrder {
  const story = storyOf(number);
  const order = createOrder(number, story);
  const shipment = story.shipment && createSampleShipment(number, order, story.shipment);
  const moving = story.shipment === 'preparing' || story.shipment === 'in_transit';
  return {
    order,
    payment: createSamplePayment(number, order, story.payment),
    shipment,
    moves: number > documented && moving && number % 9 === 0,
  };
}

/** Orders go through the stories in turn; the first order, the README's example, is on its way. */
function storyOf(number: number): SampleStory {
  const story = stories[number % stories.length];
  if (!story) throw new Error('There is a story for every remainder.');
  return story;
}

function createOrder(number: number, { order: status }: SampleStory): Order {
  // After the documented ones, two of three orders are alice's.
  const customerId = number <= documented || number % 3 === 0 || number % 3 === 1 ? 'alice' : 'bob';
  const lines = createLines(number);
  const createTime = new Date(firstOrderTime + (number - 1) * timeBetweenOrders);
  return {
    orderId: formatId('ord', number),
    customerId,
    status,
    lines,
    total: {
      currency: 'EUR',
      minorUnits: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.minorUnits, 0),
    },
    shippingAddress: addresses[customerId][number % 4 === 3 ? 1 : 0],
    createTime,
    updateTime: new Date(createTime.getTime() + (status === 'pending' ? 0 : 95_000)),
    revision: 0,
  };
}

const linesPerOrder = [3, 1, 2, 4];

function createLines(number: number): Order['lines'] {
  const length = linesPerOrder[(number - 1) % linesPerOrder.length] ?? 1;
  return Array.from({ length }, (_, index) => {
    const article = articles[(number - 1 + index) % articles.length];
    if (!article) throw new Error('There is an article for every remainder.');
    return { ...article, quantity: 1 + ((number + index * 2) % 3) };
  });
}
