import type { Order, Payment, Shipment } from '@bff/contracts';
import { createSampleData } from '@bff/service-kit';

/** What the three services hold, by the services' own seed. */
export interface Sample {
  orders: readonly Order[];
  payments: readonly Payment[];
  shipments: readonly Shipment[];
}

/** Newest first, as the services list. */
export function readSample(): Sample {
  const data = [...createSampleData()].reverse();
  return {
    orders: data.map(({ order }) => order),
    payments: data.map(({ payment }) => payment),
    shipments: data.flatMap(({ shipment }) => shipment ?? []),
  };
}
