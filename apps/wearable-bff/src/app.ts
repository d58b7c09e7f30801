import {
  createOrderWatch,
  getOrderOverview,
  listOrderOverviews,
  openCheckout,
  shareReads,
} from '@bff/aggregation';
import { createAuthorise } from '@bff/auth';
import { stack } from '@bff/core';
import {
  addReflection,
  createAdmission,
  createClientIdentity,
  createReadReport,
  createGrpcServer,
  createSourceReport,
  openState,
  readAnswerOptions,
  readGrpcLimits,
  startGrpcListener,
  type GrpcServer,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import { createWatchedServices } from '@bff/upstream';
import { authorisation } from './authorisation.ts';
import type { WearableBffConfiguration } from './config.ts';
import { fileDescriptorSetBase64 } from './generated/descriptor.ts';
import { createCancelOrder } from './handlers/cancel-order.ts';
import { createGetOrderGlance } from './handlers/get-order-glance.ts';
import { createListOrderGlances } from './handlers/list-order-glances.ts';
import { createWatchOrder } from './handlers/watch-order.ts';
import { WatchPlaces } from './handlers/watch-places.ts';
import { wearableOperations } from './handlers/wearable-operations.ts';
import { serverCredentials } from './server-credentials.ts';

/** The composition root: client identity → services → use cases → gRPC handlers → listener. */
export async function startWearableBff(
  configuration: WearableBffConfiguration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const { clock, random, metrics } = kit;
  const credentials = serverCredentials(configuration);
  const identity = createClientIdentity(configuration, kit);
  const admission = await createAdmission(configuration, kit);
  const state = await openState(configuration, kit);
  const { internalToken } = identity;
  const services = createWatchedServices(configuration, { clock, random, metrics, internalToken });
  const reads = shareReads({
    ports: services.ports,
    clock,
    ...readAnswerOptions(configuration),
    ...createReadReport(kit),
    channel: state,
  });
  const overview = {
    ...reads,
    clock,
    partTimeoutMs: configuration.PART_TIMEOUT_MS,
    onSource: createSourceReport(kit),
  };
  const live = createOrderWatch({ ...overview, random });
  const places = new WatchPlaces({
    max: configuration.WATCH_MAX_STREAMS,
    maxPerUser: configuration.WATCH_MAX_STREAMS_PER_USER,
  });
  const checkout = openCheckout(configuration, { ...kit, ports: reads.writePorts, store: state });
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
    streamTimeoutMs: configuration.WATCH_LIFE_MS,
    limits: readGrpcLimits(configuration),
    maxMessageBytes: configuration.MAX_MESSAGE_BYTES,
    authenticate: identity.authenticate,
    authorise: createAuthorise<string>(authorisation),
    arrivals: [admission.arrivalGate],
    gates: [admission.gate],
  });
  const { getOrderGlance, listOrderGlances, watchOrder, cancelOrder } = wearableOperations;
  const getGlance = createGetOrderGlance(getOrderOverview(overview));
  const listGlances = createListOrderGlances(listOrderOverviews(overview));
  grpc.unary(getOrderGlance, stack([admission.room('normal')], getGlance));
  grpc.unary(listOrderGlances, stack([admission.room('normal')], listGlances));
  const cancel = createCancelOrder((request, context) => checkout.cancelOrder(request, context));
  // What is given up half-way costs the most: cancellations go first.
  grpc.unary(cancelOrder, stack([admission.room('critical')], cancel));
  grpc.stream(watchOrder, places.limit(createWatchOrder(live)));
  if (configuration.NODE_ENV !== 'production') await offerReflection(grpc, kit);
  const address = { host: configuration.HOST, port: configuration.PORT };
  const listener = await startGrpcListener({ grpc, address, kit, credentials, variable: 'PORT' });
  // Ready only then: the first calls know which instances to avoid.
  await services.firstHealthRound();
  return {
    listeners: [listener],
    info: () => ({
      upstreams: services.endpoints(),
      admission: admission.state(),
      reads: reads.state(),
      live: { ...live.state(), watches: places.taken },
    }),
    async close() {
      live.close();
      await checkout.close();
      admission.close();
      reads.close();
      await Promise.all([services.close(), state.close()]);
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
