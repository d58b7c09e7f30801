import type { Context } from '@bff/core';
import type { LoadOrder } from '../resolvers/order-loader.ts';
import type { ResponseType } from './response-type.ts';

/** What resolvers and plugins know of one request. */
export interface GraphqlContext {
  readonly context: Context;
  readonly loadOrder: LoadOrder;
  readonly responseType: ResponseType;
  /** Sets the text that goes with an HTTP status which Node has no text for. */
  setReason(phrase: string): void;
}
