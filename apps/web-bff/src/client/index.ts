export { FollowRefused, type FollowedUpdate, type FollowOptions, type FollowOrder } from './follow-order.ts';
export {
  createWebClient,
  type CheckoutRequest,
  type Order,
  type OrderPage,
  type OrderUpdate,
  type Problem,
  type WebClient,
  type WebClientOptions,
} from './web-client.ts';
