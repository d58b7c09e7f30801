import type { Order, Payment, Shipment } from '@bff/contracts';

const eur = (minorUnits: number) => ({ currency: 'EUR', minorUnits });
const shippingAddress = {
  recipient: 'Alice de Vries',
  street: 'Prinsengracht 421, 2nd floor',
  postalCode: '1016 GV',
  city: 'Amsterdam',
  country: 'NL',
};

/** The README's order, with the strings that the sample data has: three lines, paid, on its way. */
export const sampleOrder: Order = {
  orderId: 'ord_0001',
  customerId: 'alice',
  status: 'confirmed',
  lines: [
    {
      sku: 'KTL-ELX-17-STEEL-EU',
      name: 'Electric gooseneck kettle, 0.9 l, brushed steel, temperature hold from 40 to 100 °C',
      quantity: 2,
      unitPrice: eur(8_950),
    },
    {
      sku: 'COF-ETH-01-BEAN-1000',
      name: 'Ethiopia Yirgacheffe, whole bean coffee, washed, light roast, valve bag, 1 kg',
      quantity: 1,
      unitPrice: eur(3_290),
    },
    {
      sku: 'FLT-PPR-02-NATURAL-100',
      name: 'Paper filters for pour-over drippers, size 02, unbleached, compostable, pack of 100',
      quantity: 3,
      unitPrice: eur(795),
    },
  ],
  total: eur(23_575),
  shippingAddress,
  createTime: new Date('2026-01-05T09:12:30.000Z'),
  updateTime: new Date('2026-01-05T09:14:05.000Z'),
  revision: 1,
};

const { orderId, customerId } = sampleOrder;

export const samplePayment: Payment = {
  paymentId: 'pay_0001',
  orderId,
  customerId,
  status: 'captured',
  amount: eur(23_575),
  method: { brand: 'visa', lastFour: '4242' },
  events: [
    {
      status: 'captured',
      time: new Date('2026-01-05T09:14:03.000Z'),
      reference: 'acq_d2d56ff4e221edd86f6af9d1635735bc',
    },
  ],
  createTime: new Date('2026-01-05T09:12:34.000Z'),
  updateTime: new Date('2026-01-05T09:14:03.000Z'),
  revision: 2,
};

const warehouse = 'Rotterdam warehouse, outbound dock 7';

export const sampleShipment: Shipment = {
  shipmentId: 'shp_0001',
  orderId,
  customerId,
  status: 'in_transit',
  carrier: 'Northwind Express',
  trackingNumber: 'NO109949405063',
  address: shippingAddress,
  estimatedDeliveryTime: new Date('2026-01-06T21:12:30.000Z'),
  events: [
    { status: 'preparing', time: new Date('2026-01-05T11:12:30.000Z'), place: warehouse },
    { status: 'in_transit', time: new Date('2026-01-05T18:12:30.000Z'), place: warehouse },
    {
      status: 'in_transit',
      time: new Date('2026-01-06T06:12:30.000Z'),
      place: 'Amsterdam regional sorting centre',
    },
  ],
  createTime: new Date('2026-01-05T11:12:30.000Z'),
  updateTime: new Date('2026-01-06T06:12:30.000Z'),
  revision: 2,
};
