import type { Context } from '@bff/core';
import type { OrderLoader } from '../resolvers/order-loader.ts';
import type { ResponseType } from './response-type.ts';

/** What resolvers and plugins know of one operation. */
export interface GraphqlContext {
  readonly context: Context;
  readonly orders: OrderLoader;
  /** Undefined where the answer is no HTTP response of its own: in a subscription. */
  readonly reply?: Reply;
}

/** The HTTP response that an answer becomes. */
export interface Reply {
  readonly type: ResponseType;
  /** Sets the text that goes with an HTTP status which Node has no text for. */
  setReason(phrase: string): void;
}
