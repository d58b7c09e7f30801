import { asIs, serverStream, unary } from '@bff/contracts';
import { WearableServiceDefinition } from '../generated/wearable/v1/wearable_service.ts';

const { methods } = WearableServiceDefinition;

/** The calls of `wearable.v1.WearableService`; handlers work on its own messages, made by `present`. */
export const wearableOperations = {
  getOrderGlance: unary(WearableServiceDefinition, methods.getOrderGlance, {
    safety: 'safe',
    request: asIs(),
    response: asIs(),
  }),
  listOrderGlances: unary(WearableServiceDefinition, methods.listOrderGlances, {
    safety: 'safe',
    request: asIs(),
    response: asIs(),
  }),
  watchOrder: serverStream(WearableServiceDefinition, methods.watchOrder, {
    safety: 'safe',
    request: asIs(),
    response: asIs(),
  }),
  cancelOrder: unary(WearableServiceDefinition, methods.cancelOrder, {
    safety: 'keyed',
    request: asIs(),
    response: asIs(),
  }),
};
