import { systemClock, type Clock } from '@bff/core';
import { openService, type OpenedService } from '../serve/open-service.ts';
import type { ServiceDefinition } from '../serve/service-definition.ts';
import type { Resource } from '../store/resource.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** A service without listeners on a database of its own; close it at the end. */
export async function openTestPort<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
  { clock = systemClock, seed = true }: { clock?: Clock; seed?: boolean } = {},
): Promise<OpenedService<T, Port>> {
  const folder = createTemporaryFolder();
  const databaseUrl = `sqlite:${folder.path}/service.db`;
  const opened = await openService(definition, { databaseUrl, seed, clock });
  return {
    ...opened,
    async close() {
      await opened.close();
      folder.remove();
    },
  };
}
