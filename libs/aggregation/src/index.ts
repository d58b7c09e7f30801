export {
  createOrderBatches,
  type LoadBatch,
  type OrderBatches,
  type OrderBatchOptions,
} from './batch/create-order-batches.ts';
export {
  createAnswerCache,
  type AnswerCache,
  type AnswerCacheOptions,
  type CachedAnswer,
} from './cache/answer-cache.ts';
export { orderTag, userTag, type CacheRule, type CacheTimes } from './cache/cache-rule.ts';
export type { InvalidationChannel } from './cache/share-invalidation.ts';
export { coalesceReads } from './coalesce/coalesce-reads.ts';
export { createCoalescer, type Coalescer, type CoalescerOptions } from './coalesce/coalescer.ts';
export { createCheckout } from './checkout/create-checkout.ts';
export { openCheckout, type OpenCheckoutOptions } from './checkout/open-checkout.ts';
export type {
  CancelOutcome,
  Checkout,
  CheckoutOptions,
  CheckoutOutcome,
  CheckoutPorts,
  CheckoutRequest,
  RecoveryReport,
} from './checkout/checkout.ts';
export type { CheckoutEvent } from './checkout/checkout-event.ts';
export { checkoutTimes, type CheckoutTimes } from './checkout/checkout-times.ts';
export { createSealer } from './checkout/create-sealer.ts';
export {
  checkoutVariables,
  readCheckoutOptions,
  type CheckoutConfiguration,
} from './checkout/checkout-variables.ts';
export type { CheckoutStore, Sealer } from './checkout/state-store.ts';
export {
  getOrderOverview,
  type GetOrderOverview,
  type OrderOverview,
  type OrderOverviewRequest,
} from './order-overview/get-order-overview.ts';
export {
  listOrderOverviews,
  type ListOrderOverviews,
  type OrderOverviewPage,
  type OrderOverviewsRequest,
} from './order-overview/list-order-overviews.ts';
export type {
  OrderInclude,
  OrderOverviewOptions,
  OrderOverviewPorts,
  OrderParts,
} from './order-overview/order-parts.ts';
export { loadLatestByOrder } from './order-overview/latest-by-order.ts';
export { mapPart, type MissingCode, type Part } from './plan/part.ts';
export { createPlan, type Plan, type PlanOptions, type PlanResult } from './plan/plan.ts';
export type { SourceOutcome, SourceStatus } from './plan/source-outcome.ts';
export type { OnSource, OptionalSource, RequiredSource, SourceInput } from './plan/source.ts';
export type { Span, StartSpan } from './plan/span.ts';
export {
  createOrderWatch,
  type OrderWatch,
  type OrderWatchOptions,
  type WatchOrder,
  type WatchOrderRequest,
} from './watch/create-order-watch.ts';
export type { OrderWatchPorts, WatchedSource } from './watch/order-change.ts';
export type { Delivery, OrderOverviewUpdate } from './watch/order-reading.ts';
export { shareReads, type SharedReads, type ShareReadsOptions } from './share-reads.ts';
