import { createAuthorise } from '@bff/auth';
import type { Clock } from '@bff/core';
import { ResourceCore } from '../core/resource-core.ts';
import { openDatabase } from '../store/open-database.ts';
import { ResourceStore } from '../store/resource-store.ts';
import type { Resource } from '../store/resource.ts';
import type { ServiceDefinition } from './service-definition.ts';

export interface OpenServiceOptions {
  databaseUrl: string;
  /** Fill an empty database. */
  seed: boolean;
  clock: Clock;
}

/** A service without its listeners. */
export interface OpenedService<T extends Resource, Port> {
  readonly store: ResourceStore<T>;
  readonly port: Port;
}

/** Opens the database, prepares it, and makes the service on it. Throws what the database throws. */
export async function openService<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  { databaseUrl, seed, clock }: OpenServiceOptions,
): Promise<OpenedService<T, Port>> {
  const { name, type } = definition;
  const schema = name.replaceAll('-', '_');
  const opened = await openDatabase({ url: databaseUrl, schema, clock });
  const store = new ResourceStore({ opened, type, clock, schema });
  try {
    await store.prepare();
    if (seed) await store.seed(definition.sampleData(clock.date()));
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
  const authorise = createAuthorise(definition.authorisation);
  const core = new ResourceCore({ noun: type.noun, store, authorise });
  return { store, port: definition.createPort({ core, clock }) };
}
