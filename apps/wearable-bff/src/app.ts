import { getOrderOverview, listOrderOverviews } from '@bff/aggregation';
import { stack } from '@bff/core';
import {
  addReflection,
  createAdmission,
  createClientIdentity,
  createGrpcServer,
  createSourceReport,
  readGrpcLimits,
  startGrpcListener,
  type GrpcServer,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createServices, readServiceOptions } from '@bff/upstream';
import type { WearableBffConfiguration } from './config.ts';
import { fileDescriptorSetBase64 } from './generated/descriptor.ts';
import { createGetOrderGlance } from './handlers/get-order-glance.ts';
import { createListOrderGlances } from './handlers/list-order-glances.ts';
import { wearableOperations } from './handlers/wearable-operations.ts';

/** The composition root: client identity → services → use cases → gRPC handlers → listener. */
export async function startWearableBff(
  configuration: WearableBffConfiguration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const { clock } = kit;
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const services = createServices({
    ...readServiceOptions(configuration),
    clock,
    internalToken: identity.internalToken,
    metrics: kit.metrics,
  });
  const overview = {
    ports: services.ports,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
    limits: readGrpcLimits(configuration),
    maxMessageBytes: configuration.MAX_MESSAGE_BYTES,
    authenticate: identity.authenticate,
    arrivals: [admission.arrivalGate],
    gates: [admission.gate],
  });
  const { getOrderGlance, listOrderGlances } = wearableOperations;
  const getGlance = createGetOrderGlance(getOrderOverview(overview));
  const listGlances = createListOrderGlances(listOrderOverviews(overview));
  grpc.unary(getOrderGlance, stack([admission.room('normal')], getGlance));
  grpc.unary(listOrderGlances, stack([admission.room('normal')], listGlances));
  if (configuration.NODE_ENV !== 'production') await offerReflection(grpc, kit);
  const address = { host: configuration.HOST, port: configuration.PORT };
  const listener = await startGrpcListener({ grpc, address, kit, variable: 'PORT' });
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({ upstreams: services.endpoints(), admission: admission.state() }),
    async close() {
      admission.close();
      await services.close();
    },
  };
}

/** A convenience of development: without it, clients that bring the .proto file are served all the same. */
async function offerReflection(grpc: GrpcServer, { logger }: ProcessKit): Promise<void> {
  try {
    await addReflection(grpc, fileDescriptorSetBase64);
  } catch (error) {
    logger.warn({ err: error as Error }, 'reflection is not available; clients need the .proto file');
  }
}
