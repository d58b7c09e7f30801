import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface BookedOrder {
  readonly orderId: string;
  readonly status: 'pending' | 'confirmed' | 'cancelled';
}

export interface BookedPart {
  readonly orderId: string;
  readonly status: string;
}

/** One customer's orders with all payments and shipments that were ever made for them, as the services hold them. */
export interface Books {
  readonly orders: readonly BookedOrder[];
  readonly payments: readonly BookedPart[];
  readonly shipments: readonly BookedPart[];
}

/** Reads the services' own databases: what counts is what is stored, not what any of them says. */
export function readBooks(stackFolder: string, customerId: string): Books {
  const read = (service: string): BookedPart[] => {
    const database = new DatabaseSync(join(stackFolder, 'data', `${service}.db`), { readOnly: true });
    try {
      return database
        .prepare('select order_id as orderId, status from resources where customer_id = ?')
        .all(customerId) as unknown as BookedPart[];
    } finally {
      database.close();
    }
  };
  return {
    orders: read('order-service') as BookedOrder[],
    payments: read('payment-service'),
    shipments: read('shipping-service'),
  };
}
