export { errorCodeOfGrpcStatus, errorCodeOfHttpStatus, grpcStatusOf, httpStatusOf } from './error-mapping.ts';
export { fileDescriptorSetBase64 } from './generated/descriptor.ts';
export { healthOperations, type HealthPort, type ServingStatus } from './health.ts';
export {
  asIs,
  serverStream,
  unary,
  type Codec,
  type HttpRule,
  type Mapping,
  type MessageType,
  type Operation,
  type OperationRules,
  type OperationsOf,
  type ServiceDefinition,
  type StreamOperation,
  type UnaryOperation,
} from './operation.ts';
export type { NewOrder, Order, OrderCancellation, OrderLine, OrdersPort, OrderStatus } from './orders.ts';
export { orderOperations } from './orders-operations.ts';
export type {
  NewPayment,
  Payment,
  PaymentEvent,
  PaymentMethod,
  PaymentsPort,
  PaymentStatus,
} from './payments.ts';
export { paymentOperations } from './payments-operations.ts';
export type { Address, Change, ListQuery, Money, Page, WatchQuery } from './shared-types.ts';
export type {
  NewShipment,
  Shipment,
  ShipmentEvent,
  ShipmentsPort,
  ShipmentStatus,
  ShipmentStep,
} from './shipments.ts';
export { shipmentOperations } from './shipments-operations.ts';
export {
  decodeStatusDetails,
  encodeStatusDetails,
  errorDomain,
  type StatusDetails,
} from './status-details.ts';
