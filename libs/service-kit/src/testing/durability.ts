import { afterEach, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import type { Change, ListQuery, OperationsOf, Page, WatchQuery } from '@bff/contracts';
import type { Context } from '@bff/core';
import { callerContext } from './caller-context.ts';
import { createGrpcFace } from './grpc-face.ts';
import { createHttpFace } from './http-face.ts';
import { spawnService, type SpawnedService } from './spawn-service.ts';
import type { ServiceDefinition } from '../serve/service-definition.ts';
import type { Resource } from '../store/resource.ts';
import type { TestDatabase } from './store-conformance.ts';

/** What the suite uses of a service's port. */
interface DurablePort<T> {
  list(query: ListQuery<never>, context: Context): Promise<Page<T>>;
  watch(query: WatchQuery, context: Context): AsyncIterable<Change<T>>;
}

export interface DurabilityOptions<T extends Resource, Port extends DurablePort<T>> {
  /** The service's `main.ts`. */
  mainFile: string;
  createDatabase(): Promise<TestDatabase> | TestDatabase;
  definition: Pick<ServiceDefinition<T, Port>, 'name' | 'type' | 'operations'>;
  /** The same valid request each time. */
  create(port: Port, context: Context): Promise<T>;
  get(port: Port, id: string, context: Context): Promise<T>;
}

/** What real processes of a service promise on one database: nothing acknowledged is lost, nothing is done twice. */
export function describeDurability<T extends Resource, Port extends DurablePort<T>>(
  name: string,
  options: DurabilityOptions<T, Port>,
): void {
  const { mainFile, createDatabase, definition } = options;
  describe(`processes of ${definition.name} on ${name}`, () => {
    const keys = createTestInternalKeys();
    const running: SpawnedService[] = [];
    let database: TestDatabase | undefined;
    afterEach(async () => {
      await Promise.all(running.splice(0).map((service) => service.kill('SIGKILL')));
      await database?.remove();
      database = undefined;
    });
    const start = async () => {
      database ??= await createDatabase();
      const service = await spawnService(mainFile, {
        DATABASE_URL: database.url,
        INTERNAL_JWKS: JSON.stringify(keys.jwks),
        SEED_DATA: 'false',
      });
      running.push(service);
      return new Replica(
        options,
        service,
        async (subject) => `Bearer ${await keys.token(definition.name, { subject })}`,
      );
    };

    it('keep every acknowledged write when one is killed in the middle of writing', async () => {
      await proveNothingIsLost(start);
    }, 60_000);

    it('are one service to their callers: one resource per key, and changes seen within a second', async () => {
      await proveReplicasAgree(await start(), await start());
    }, 60_000);
  });
}

/** One process, as the user `alice` uses it. */
class Replica<T extends Resource, Port extends DurablePort<T>> {
  readonly service: SpawnedService;
  readonly idOf: (resource: T) => string;
  readonly #options: DurabilityOptions<T, Port>;
  readonly #operations: OperationsOf<Port>;
  readonly #http: Port;
  readonly #authorization: () => Promise<string>;

  constructor(
    options: DurabilityOptions<T, Port>,
    service: SpawnedService,
    authorization: (subject: string) => Promise<string>,
  ) {
    this.#options = options;
    this.#operations = options.definition.operations;
    this.idOf = options.definition.type.idOf;
    this.service = service;
    this.#authorization = () => authorization('alice');
    this.#http = createHttpFace<Port>({
      operations: this.#operations,
      baseUrl: service.httpUrl,
      authorization: this.#authorization,
    });
  }

  create(idempotencyKey: string): Promise<T> {
    return this.#call((port, context) => this.#options.create(port, context), idempotencyKey);
  }

  get(id: string): Promise<T> {
    return this.#call((port, context) => this.#options.get(port, id, context));
  }

  async listAll(): Promise<string[]> {
    const ids: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#call((port, context) => port.list({ pageSize: 100, pageToken }, context));
      ids.push(...page.items.map(this.idOf));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return ids;
  }

  /** Resolves with the time at which each of `count` changes was seen. */
  async watch(count: number): Promise<Map<number, number>> {
    const face = createGrpcFace<Port>({
      operations: this.#operations,
      address: this.service.grpcAddress,
      authorization: this.#authorization,
    });
    const scope = callerContext({ timeoutMs: 30_000 });
    const seen = new Map<number, number>();
    try {
      for await (const { revision } of face.watch({ sinceRevision: 0 }, scope.context)) {
        seen.set(revision, performance.now());
        if (seen.size === count) break;
      }
      return seen;
    } finally {
      scope.close();
      face.close();
    }
  }

  async #call<R>(work: (port: Port, context: Context) => Promise<R>, idempotencyKey?: string): Promise<R> {
    const scope = callerContext({
      timeoutMs: 10_000,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
    try {
      return await work(this.#http, scope.context);
    } finally {
      scope.close();
    }
  }
}

async function proveNothingIsLost<T extends Resource, Port extends DurablePort<T>>(
  start: () => Promise<Replica<T, Port>>,
): Promise<void> {
  const first = await start();
  const killAfter = 200 + Math.floor(Math.random() * 100);
  const acknowledged = new Map<string, T>();
  const unknown: string[] = [];
  let killed: Promise<void> | undefined;
  let next = 0;
  const write = async () => {
    while (!killed) {
      const key = `key-${next++}`;
      try {
        acknowledged.set(key, await first.create(key));
        if (acknowledged.size === killAfter) killed = first.service.kill('SIGKILL');
      } catch {
        unknown.push(key);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
  await killed;
  expect(acknowledged.size).toBeGreaterThanOrEqual(200);

  const second = await start();
  for (const [key, made] of acknowledged) {
    const id = second.idOf(made);
    expect(await second.get(id)).toEqual(made);
    expect(second.idOf(await second.create(key))).toBe(id);
  }
  const repeated = await Promise.all(unknown.map((key) => second.create(key)));
  const expected = [...acknowledged.values(), ...repeated].map(second.idOf);
  expect(new Set(expected).size).toBe(acknowledged.size + unknown.length);
  expect((await second.listAll()).sort()).toEqual(expected.sort());
}

async function proveReplicasAgree<T extends Resource, Port extends DurablePort<T>>(
  a: Replica<T, Port>,
  b: Replica<T, Port>,
): Promise<void> {
  const keys = Array.from({ length: 40 }, (_, index) => `shared-${index}`);
  const watched = b.watch(keys.length + 1);
  const pairs = await Promise.all(keys.map((key) => Promise.all([a.create(key), b.create(key)])));
  for (const [fromA, fromB] of pairs) expect(fromB).toEqual(fromA);
  expect(await a.listAll()).toHaveLength(keys.length);

  const last = await a.create('seen by the other');
  const acknowledgedAt = performance.now();
  const seenAt = (await watched).get(last.revision);
  expect(seenAt).toBeDefined();
  expect(seenAt! - acknowledgedAt).toBeLessThan(1_000);
}
