import type { AuthorisationTable } from '@bff/auth';
import type { OperationsOf } from '@bff/contracts';
import type { Clock } from '@bff/core';
import type { Logger } from '@bff/observability';
import type { ResourceCore } from '../core/resource-core.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { Resource, ResourceType, Written } from '../store/resource.ts';

/** What makes one stand-in service different from the others. */
export interface ServiceDefinition<T extends Resource, Port extends object> {
  /** `order-service`: also the audience of the internal tokens that it accepts. */
  readonly name: string;
  readonly type: ResourceType<T>;
  readonly operations: OperationsOf<Port>;
  readonly authorisation: AuthorisationTable<keyof Port & string>;
  /** The service itself, as its callers' interface. */
  createPort(parts: PortParts<T, keyof Port & string>): Port;
  /** What an empty database is filled with. */
  sampleData(now: Date): readonly Written<T>[];
  /** Work of the service's own, beside calls. */
  readonly background?: (parts: BackgroundParts<T>) => BackgroundWork;
}

export interface PortParts<T extends Resource, Operation extends string> {
  core: ResourceCore<T, Operation>;
  clock: Clock;
}

export interface BackgroundParts<T extends Resource> {
  store: ResourceStore<T>;
  clock: Clock;
  logger: Logger;
}

export interface BackgroundWork {
  /** Resolves when the work in hand is done. */
  stop(): Promise<void>;
}
