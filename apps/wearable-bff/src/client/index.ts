export {
  OrderStage,
  Source,
  type OrderGlance,
  type WatchOrderResponse,
} from '../generated/wearable/v1/wearable_service.ts';
export {
  createWearableClient,
  type CallOptions,
  type WearableClient,
  type WearableClientOptions,
} from './create-wearable-client.ts';
export { followOrder, type FollowOptions } from './follow-order.ts';
export { WearableError } from './wearable-error.ts';
