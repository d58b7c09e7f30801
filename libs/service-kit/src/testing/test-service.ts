import { createTestInternalKeys, type TestInternalKeys } from '@bff/auth/testing';
import type { Context } from '@bff/core';
import { noFaults, readConfiguration, type FaultSettings, type RunningApp } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { serviceConfiguration } from '../serve/service-configuration.ts';
import type { ServiceDefinition } from '../serve/service-definition.ts';
import { startService } from '../serve/start-service.ts';
import type { Resource } from '../store/resource.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface TestService {
  /** `http://127.0.0.1:41001`. */
  readonly httpUrl: string;
  /** `127.0.0.1:41002`. */
  readonly grpcAddress: string;
  readonly databaseUrl: string;
  /** As with `PUT /faults` of its admin listener; what is not named is off. */
  setFaults(settings: Partial<FaultSettings>): void;
  /** `Bearer …` for the principal of a context; undefined for nobody. */
  authorization(context: Context): Promise<string | undefined>;
  /** Cuts what is in flight after `limitMs`, at once unless given. */
  close(limitMs?: number): Promise<void>;
}

export interface TestServiceOptions {
  /** A file of its own unless given. */
  databaseUrl?: string;
  keys?: TestInternalKeys;
}

/** A service in this process, listening on free ports, with the sample data. */
export async function startTestService<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  { databaseUrl, keys = createTestInternalKeys() }: TestServiceOptions = {},
): Promise<TestService> {
  const folder = createTemporaryFolder();
  const url = databaseUrl ?? `sqlite:${folder.path}/service.db`;
  const configuration = readConfiguration(
    serviceConfiguration({ name: definition.name, port: 0, grpcPort: 0 }),
    {
      DATABASE_URL: url,
      INTERNAL_JWKS: JSON.stringify(keys.jwks),
      SEED_DATA: 'true',
    },
  );
  const kit = createTestKit();
  const app = await startService(definition, configuration, kit);
  return {
    httpUrl: urlOf(app, 'http'),
    grpcAddress: urlOf(app, 'grpc').replace('grpc://', ''),
    databaseUrl: url,
    setFaults(settings) {
      kit.faults?.set({ ...noFaults, ...settings });
    },
    authorization: async ({ principal }) =>
      principal && `Bearer ${await keys.token(definition.name, principal)}`,
    async close(limitMs = 0) {
      await Promise.all(app.listeners.map((listener) => listener.close(limitMs)));
      await app.close?.();
      folder.remove();
    },
  };
}

function urlOf({ listeners }: RunningApp, name: string): string {
  const listener = listeners.find((candidate) => candidate.name === name);
  if (!listener) throw new Error(`There is no ${name} listener.`);
  return listener.url;
}
