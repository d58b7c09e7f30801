import { getMe, meSchema } from './me-operation.ts';
import type { OperationContract } from './operation-contract.ts';
import { problemSchema } from './problem.ts';
import { getOrder, listOrders, readSchemas } from './read-operations.ts';
import { cancelOrderOperation, checkoutOperation, checkoutRequestSchema } from './write-operations.ts';

/** Every operation of this API. */
export const operations: readonly OperationContract[] = [
  listOrders,
  getOrder,
  cancelOrderOperation,
  checkoutOperation,
  getMe,
];

/** The schemas that have a name in the OpenAPI document. */
export const namedSchemas = {
  ...readSchemas,
  CheckoutRequest: checkoutRequestSchema,
  Me: meSchema,
  Problem: problemSchema,
};
