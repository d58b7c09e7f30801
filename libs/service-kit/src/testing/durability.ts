import { afterEach, describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import { orderOperations, type Order, type OrdersPort } from '@bff/contracts';
import { callerContext } from './caller-context.ts';
import { createGrpcFace } from './grpc-face.ts';
import { createHttpFace } from './http-face.ts';
import { spawnService, type SpawnedService } from './spawn-service.ts';
import type { TestDatabase } from './store-conformance.ts';

export interface DurabilityOptions {
  /** The order service's `main.ts`. */
  mainFile: string;
  createDatabase(): Promise<TestDatabase> | TestDatabase;
}

const newOrder = {
  lines: [{ sku: 'MUG', name: 'Mug', quantity: 1, unitPrice: { currency: 'EUR', minorUnits: 1_100 } }],
  shippingAddress: {
    recipient: 'Alice',
    street: 'Dam 1',
    postalCode: '1012 JS',
    city: 'Amsterdam',
    country: 'NL',
  },
};

/** What real processes of the order service promise on one database: nothing acknowledged is lost, nothing is done twice. */
export function describeDurability(name: string, { mainFile, createDatabase }: DurabilityOptions): void {
  describe(`processes of the order service on ${name}`, () => {
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
        service,
        async (subject) => `Bearer ${await keys.token('order-service', { subject })}`,
      );
    };

    it('keep every acknowledged write when one is killed in the middle of writing', async () => {
      await proveNothingIsLost(start);
    }, 60_000);

    it('are one service to their callers: one order per key, and changes seen within a second', async () => {
      await proveReplicasAgree(await start(), await start());
    }, 60_000);
  });
}

/** One process, as the user `alice` uses it. */
class Replica {
  readonly service: SpawnedService;
  readonly #http: OrdersPort;
  readonly #authorization: () => Promise<string>;

  constructor(service: SpawnedService, authorization: (subject: string) => Promise<string>) {
    this.service = service;
    this.#authorization = () => authorization('alice');
    this.#http = createHttpFace<OrdersPort>({
      operations: orderOperations,
      baseUrl: service.httpUrl,
      authorization: this.#authorization,
    });
  }

  create(idempotencyKey: string): Promise<Order> {
    return this.#call((port, context) => port.create(newOrder, context), idempotencyKey);
  }

  get(orderId: string): Promise<Order> {
    return this.#call((port, context) => port.get({ orderId }, context));
  }

  async listAll(): Promise<string[]> {
    const ids: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#call((port, context) => port.list({ pageSize: 100, pageToken }, context));
      ids.push(...page.items.map(({ orderId }) => orderId));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return ids;
  }

  /** Resolves with the time at which each of `count` changes was seen. */
  async watch(count: number): Promise<Map<number, number>> {
    const face = createGrpcFace<OrdersPort>({
      operations: orderOperations,
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

  async #call<R>(
    work: (port: OrdersPort, context: ReturnType<typeof callerContext>['context']) => Promise<R>,
    idempotencyKey?: string,
  ): Promise<R> {
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

async function proveNothingIsLost(start: () => Promise<Replica>): Promise<void> {
  const first = await start();
  const killAfter = 200 + Math.floor(Math.random() * 100);
  const acknowledged = new Map<string, Order>();
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
  for (const [key, order] of acknowledged) {
    expect(await second.get(order.orderId)).toEqual(order);
    expect((await second.create(key)).orderId).toBe(order.orderId);
  }
  const repeated = await Promise.all(unknown.map((key) => second.create(key)));
  const expected = [...acknowledged.values(), ...repeated].map(({ orderId }) => orderId);
  expect(new Set(expected).size).toBe(acknowledged.size + unknown.length);
  expect((await second.listAll()).sort()).toEqual(expected.sort());
}

async function proveReplicasAgree(a: Replica, b: Replica): Promise<void> {
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
