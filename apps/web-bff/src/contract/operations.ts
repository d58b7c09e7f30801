import { orderUpdateSchema } from '../present/order-update.ts';
import { watchOrderOperation } from './event-operation.ts';
import { getMe, meSchema } from './me-operation.ts';
import type { OperationContract } from './operation-contract.ts';
import { problemSchema } from './problem.ts';
import { getOrder, listOrders, readSchemas } from './read-operations.ts';
import { cancelOrderOperation, checkoutOperation, checkoutRequestSchema } from './write-operations.ts';

/** Every operation of this API. */
export const operations = [
  listOrders,
  getOrder,
  watchOrderOperation,
  cancelOrderOperation,
  checkoutOperation,
  getMe,
] as const satisfies readonly OperationContract[];

export type OperationId = (typeof operations)[number]['id'];

/** The schemas that have a name in the OpenAPI document. */
export const namedSchemas = {
  ...readSchemas,
  OrderUpdate: orderUpdateSchema,
  CheckoutRequest: checkoutRequestSchema,
  Me: meSchema,
  Problem: problemSchema,
};
