import { createInternalTokenVerifier, createStaticKeys, parseJwks, readBearer } from '@bff/auth';
import { fileDescriptorSetBase64 } from '@bff/contracts';
import { AppError } from '@bff/core';
import {
  addReflection,
  authenticate,
  ConfigurationError,
  createGrpcServer,
  readGrpcLimits,
  startGrpcListener,
  serveHttp,
  type Listener,
  type ProcessKit,
  type RunningApp,
} from '@bff/server-kit';
import type { Resource } from '../store/resource.ts';
import { mountGrpc } from './mount-grpc.ts';
import { mountHttp } from './mount-http.ts';
import { openService, type OpenedService } from './open-service.ts';
import { bindOperations, type BoundOperation } from './port-operations.ts';
import type { ServiceConfiguration } from './service-configuration.ts';
import type { ServiceDefinition } from './service-definition.ts';

interface Parts {
  configuration: ServiceConfiguration;
  kit: ProcessKit;
  operations: readonly BoundOperation[];
  verify: (
    authorization: string | readonly string[] | undefined,
  ) => ReturnType<ReturnType<typeof createInternalTokenVerifier>['verify']>;
}

/** The composition root of a stand-in service: one core behind HTTP/JSON and gRPC. */
export async function startService<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  configuration: ServiceConfiguration,
  kit: ProcessKit,
): Promise<RunningApp> {
  const { clock, logger } = kit;
  const { store, port, ...opened } = await open(definition, configuration, kit);
  const keys = createStaticKeys(configuration.INTERNAL_JWKS);
  kit.followVariable('INTERNAL_JWKS', (text) => {
    keys.replace(parseJwks(text));
  });
  const verifier = createInternalTokenVerifier({
    keys,
    audience: definition.name,
    clock,
  });
  const parts: Parts = {
    configuration,
    kit,
    operations: bindOperations(definition.operations, port),
    verify: async (authorization) => verifier.verify(readBearer(authorization)),
  };
  const grpc = await serveGrpc(parts);
  const listeners = [
    await openHttp(parts),
    endingWatches(grpc, () => {
      store.endWatches();
    }),
  ];
  const background = definition.background?.({ store, clock, logger });
  return {
    listeners,
    readiness: { database: opened.checkDatabase },
    async close() {
      await background?.stop();
      await opened.close();
    },
  };
}

/** Streams have no end of their own: without this, a stop would wait for its limit whenever somebody watches. */
function endingWatches(listener: Listener, endWatches: () => void): Listener {
  return {
    ...listener,
    close(limitMs) {
      endWatches();
      return listener.close(limitMs);
    },
  };
}

async function open<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  { DATABASE_URL, SEED_DATA, NODE_ENV }: ServiceConfiguration,
  { clock, logger }: ProcessKit,
): Promise<OpenedService<T, Port>> {
  try {
    const seed = SEED_DATA ?? NODE_ENV !== 'production';
    const onAway = (error: AppError) => {
      logger.warn({ err: error }, 'The database is away; not ready, trying again every second.');
    };
    return await openService(definition, { databaseUrl: DATABASE_URL, seed, clock, onAway });
  } catch (thrown) {
    const { cause } = AppError.from(thrown);
    // Not `instanceof Error`: a driver's error may come from another realm.
    const { message } = (cause ?? {}) as { message?: unknown };
    const reason = typeof message === 'string' ? message : 'unknown reason';
    // The URL itself may hold a password, so only the reason is shown.
    throw new ConfigurationError([
      `DATABASE_URL: the database cannot be opened (${reason}); give a writable path or the URL of a PostgreSQL.`,
    ]);
  }
}

async function openHttp({ configuration, kit, operations, verify }: Parts): Promise<Listener> {
  const gates = [authenticate((request) => verify(request.headersDistinct.authorization))];
  return serveHttp({
    configuration,
    kit,
    health: true,
    mount: (app) => {
      mountHttp(app, operations, gates, configuration.MAX_BODY_BYTES);
    },
  });
}

async function serveGrpc({ configuration, kit, operations, verify }: Parts): Promise<Listener> {
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
    limits: readGrpcLimits(configuration),
    authenticate: verify,
  });
  mountGrpc(grpc, operations);
  if (configuration.NODE_ENV !== 'production') await addReflection(grpc, fileDescriptorSetBase64);
  const address = { host: configuration.HOST, port: configuration.GRPC_PORT };
  return startGrpcListener({ grpc, address, kit });
}
