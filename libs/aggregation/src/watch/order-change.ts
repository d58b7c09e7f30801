import type {
  Change,
  Order,
  OrdersPort,
  Payment,
  PaymentsPort,
  Shipment,
  ShipmentsPort,
} from '@bff/contracts';

/** What a watched order consists of. */
export const watchedSources = ['order', 'payment', 'shipment'] as const;
export type WatchedSource = (typeof watchedSources)[number];

interface ValueOf {
  order: Order;
  payment: Payment;
  shipment: Shipment;
}

/** One step of one of the three services, for one order. */
export type OrderChange = {
  [Source in WatchedSource]: { readonly source: Source } & Readonly<Change<ValueOf[Source]>>;
}[WatchedSource];

/** The last revision that is known of each service. Each service counts its own. */
export type Revisions = Readonly<Record<WatchedSource, number>>;

/** What watching needs of the services. */
export interface OrderWatchPorts {
  readonly orders: Pick<OrdersPort, 'get' | 'watch'>;
  readonly payments: Pick<PaymentsPort, 'list' | 'watch'>;
  readonly shipments: Pick<ShipmentsPort, 'list' | 'watch'>;
}
