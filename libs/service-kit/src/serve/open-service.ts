import { createAuthorise } from '@bff/auth';
import type { AppError, Clock } from '@bff/core';
import { ResourceCore } from '../core/resource-core.ts';
import { openDatabase } from '../store/open-database.ts';
import { ResourceStore } from '../store/resource-store.ts';
import type { Resource } from '../store/resource.ts';
import { prepareDatabase } from './prepare-database.ts';
import type { ServiceDefinition } from './service-definition.ts';

export interface OpenServiceOptions {
  databaseUrl: string;
  /** Fill an empty database. */
  seed: boolean;
  clock: Clock;
  /** Told when PostgreSQL is away at the start, for the log. */
  onAway?: (error: AppError) => void;
}

/** A service without its listeners. */
export interface OpenedService<T extends Resource, Port> {
  readonly store: ResourceStore<T>;
  readonly port: Port;
  /** Fails with `unavailable` until the database is there and prepared, and whenever it is away. */
  checkDatabase(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database, prepares it, and makes the service on it. A PostgreSQL that is away is prepared when it comes; throws
 * whatever else the database throws.
 */
export async function openService<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  { databaseUrl, seed, ...options }: OpenServiceOptions,
): Promise<OpenedService<T, Port>> {
  const { name, type } = definition;
  const { clock } = options;
  const schema = name.replaceAll('-', '_');
  const opened = await openDatabase({ url: databaseUrl, schema, clock });
  const store = new ResourceStore({ opened, type, clock, schema });
  const prepare = async () => {
    await store.prepare();
    if (seed) await store.seed(definition.sampleData(clock.date()));
  };
  const prepared = await prepareDatabase({
    ...options,
    prepare,
    mayBeAway: opened.kind === 'postgres',
  }).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  const authorise = createAuthorise(definition.authorisation);
  const core = new ResourceCore({ noun: type.noun, store, authorise });
  return {
    ...{ store, port: definition.createPort({ core, clock }) },
    async checkDatabase() {
      prepared.assertPrepared();
      await store.ping();
    },
    async close() {
      prepared.stop();
      await store.close();
    },
  };
}
