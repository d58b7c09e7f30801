import { describe, expect, it } from '@jest/globals';
import { checkBooks } from './check-books.ts';
import type { Books } from './read-books.ts';

const balanced: Books = {
  orders: [
    { orderId: 'ord_1', status: 'confirmed' },
    { orderId: 'ord_2', status: 'cancelled' },
  ],
  payments: [
    { orderId: 'ord_1', status: 'captured' },
    { orderId: 'ord_2', status: 'voided' },
  ],
  shipments: [
    { orderId: 'ord_1', status: 'preparing' },
    { orderId: 'ord_2', status: 'cancelled' },
  ],
};
const told = [
  { key: 'k1', orderId: 'ord_1' },
  { key: 'k2', orderId: undefined },
];
const nothing = { lost: [], doubled: [], unbalanced: [] };

describe('the books', () => {
  it('balance when every purchase is there once, paid and sent, and what was withdrawn left nothing', () => {
    expect(checkBooks(balanced, told)).toEqual(nothing);
  });

  it('show an order that was told and is not there', () => {
    const purchases = [...told, { key: 'k3', orderId: 'ord_3' }];
    expect(checkBooks(balanced, purchases)).toEqual({ ...nothing, lost: ['ord_3'] });
  });

  it('show an order that nobody was told of', () => {
    expect(checkBooks(balanced, []).doubled).toEqual(['ord_1 was told to nobody']);
  });

  it('show one order for two purchases', () => {
    const purchases = [...told, { key: 'k3', orderId: 'ord_1' }];
    expect(checkBooks(balanced, purchases).doubled).toEqual(['ord_1 for two keys']);
  });

  it('show a second payment, and money kept for a cancelled order', () => {
    const payments = [
      ...balanced.payments,
      { orderId: 'ord_1', status: 'authorised' },
      { orderId: 'ord_2', status: 'authorised' },
    ];
    expect(checkBooks({ ...balanced, payments }, told).unbalanced).toEqual([
      'ord_1 is confirmed with 2 payments and 1 shipments',
      'ord_2 is cancelled with 1 payments and 0 shipments',
    ]);
  });
});
