export {
  createMobileClient,
  type Answer,
  type GraphqlFault,
  type MobileClient,
  type MobileClientOptions,
  type TypedDocument,
} from './create-mobile-client.ts';
export {
  CancelOrderDocument,
  CheckoutDocument,
  OrderListDocument,
  OrderScreenDocument,
  OrderUpdatesDocument,
  type CancelOrderInput,
  type CheckoutInput,
  type OrderListQuery,
  type OrderScreenQuery,
  type OrderUpdatesSubscription,
} from './generated/operations.ts';
