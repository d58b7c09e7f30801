import { connect } from 'node:net';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { orderOperations } from '@bff/contracts';
import { AppError } from '@bff/core';
import {
  authenticate,
  createGrpcServer,
  createHttpApp,
  createProcessKit,
  noFaults,
  startGrpcListener,
  startHttpListener,
  type Listener,
} from '../index.ts';
import { startAdminListener } from '../admin-listener.ts';
import { createTestKit } from '../testing/index.ts';

const address = { host: '127.0.0.1', port: 0 };
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const closed = (listener: Listener) => {
  closing.push(() => listener.close(0));
  return listener;
};

/** A server of one route, with faults in front of it. */
async function serveOverHttp() {
  const kit = createTestKit();
  const handler = createHttpApp({
    kit,
    requestTimeoutMs: 2_000,
    mount(app) {
      app.use(authenticate(() => Promise.reject(new AppError('unauthenticated', 'Nobody may come in.'))));
    },
  });
  const listener = closed(await startHttpListener({ handler, address, kit, health: true }));
  return { faults: kit.faults!, kit, get: (path: string) => fetch(`${listener.url}${path}`) };
}

describe('faults of an HTTP server', () => {
  it('come before anything of a request is looked at, and leave health alone', async () => {
    const { faults, get, kit } = await serveOverHttp();
    expect((await get('/')).status).toBe(401);
    faults.set({ ...noFaults, errorRate: 1, latencyMs: 30 });
    const startedAt = performance.now();
    const failed = await get('/');
    expect([failed.status, failed.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
    expect((await get('/readyz')).status).toBe(200);
    expect(await kit.metrics.expose()).toMatch(/route="fault"[^\n]*status="500"/);
    faults.heal();
    expect((await get('/')).status).toBe(401);
  });

  it('hold a request until they are healed', async () => {
    const { faults, get } = await serveOverHttp();
    faults.set({ ...noFaults, hang: true });
    let answered = false;
    const held = get('/').finally(() => (answered = true));
    expect((await get('/readyz')).status).toBe(200);
    expect(answered).toBe(false);
    faults.heal();
    expect((await held).status).toBe(401);
  });

  it('reset a connection', async () => {
    const { faults, get } = await serveOverHttp();
    faults.set({ ...noFaults, reset: true });
    await expect(get('/')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('concern requests for another protocol, too', async () => {
    const kit = createTestKit();
    const { promise: upgraded, resolve } = Promise.withResolvers<string>();
    const onUpgrade = (_request: unknown, socket: { end(text: string): void }) => {
      resolve('upgraded');
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    };
    const listener = closed(await startHttpListener({ handler: () => undefined, address, kit, onUpgrade }));
    const ask = () =>
      new Promise<string>((settle) => {
        const { hostname, port } = new URL(listener.url);
        const socket = connect(Number(port), hostname);
        socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
        socket.once('close', () => settle(text));
      });
    kit.faults!.set({ ...noFaults, errorRate: 1, errorCode: 'unavailable' });
    expect(await ask()).toMatch(/^HTTP\/1\.1 503 /);
    kit.faults!.heal();
    expect(await ask()).toMatch(/^HTTP\/1\.1 101 /);
    expect(await upgraded).toBe('upgraded');
  });
});

describe('faults of a gRPC server', () => {
  it('come before it is known who calls, and leave health alone', async () => {
    const kit = createTestKit();
    const grpc = createGrpcServer({
      kit,
      requestTimeoutMs: 2_000,
      authenticate: () => Promise.reject(new AppError('unauthenticated', 'Nobody may come in.')),
    });
    grpc.unary(orderOperations.get, () => Promise.reject(new AppError('internal', 'not reached')));
    const listener = closed(await startGrpcListener({ grpc, address, kit }));
    const client = new Client(new URL(listener.url).host, credentials.createInsecure());
    closing.push(() => {
      client.close();
    });
    const call = (path: string, deadlineMs = 2_000) =>
      new Promise<number>((resolve) => {
        const bytes = (value: Buffer) => value;
        client.makeUnaryRequest(
          ...([path, bytes, bytes, Buffer.alloc(0), new Metadata()] as const),
          { deadline: Date.now() + deadlineMs },
          (error: ServiceError | null) => resolve(error?.code ?? 0),
        );
      });
    const { rpcPath } = orderOperations.get;
    expect(await call(rpcPath)).toBe(16);
    kit.faults!.set({ ...noFaults, errorRate: 1, errorCode: 'resource_exhausted' });
    expect(await call(rpcPath)).toBe(8);
    expect(await call('/grpc.health.v1.Health/Check')).toBe(0);
    kit.faults!.set({ ...noFaults, hang: true });
    expect(await call(rpcPath, 50)).toBe(4);
    const held = call(rpcPath);
    expect(await call('/grpc.health.v1.Health/Check')).toBe(0);
    kit.faults!.heal();
    expect(await held).toBe(16);
    kit.faults!.set({ ...noFaults, reset: true });
    expect([13, 14]).toContain(await call(rpcPath));
  });
});

describe('the admin listener', () => {
  const open = async (isProduction: boolean) => {
    const kit = createProcessKit({
      ...{ name: 'test', instance: 'test-1', logLevel: 'silent' as const, environment: {}, isProduction },
      drain: new AbortController().signal,
    });
    const { url } = closed(
      await startAdminListener({
        ...{ kit, address, readiness: {}, info: () => ({}), routes: [] },
        phase: () => ({ name: 'ready', since: new Date(0) }),
      }),
    );
    return async (method: string, body?: object) => {
      const init = { method, ...(body && { body: JSON.stringify(body) }) };
      const response = await fetch(`${url}/faults`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown>, kit };
    };
  };

  it('sets, shows and heals faults, and refuses what it does not know', async () => {
    const faults = await open(false);
    expect((await faults('PUT', { latencyMs: 5, jitterMs: 2 })).body).toMatchObject({ latencyMs: 5 });
    expect(await faults('PUT', { delay: 5 })).toMatchObject({
      status: 400,
      body: { code: 'invalid_argument' },
    });
    expect((await faults('GET')).body).toMatchObject({ latencyMs: 5, jitterMs: 2 });
    expect((await faults('DELETE')).body).toMatchObject({ latencyMs: 0, jitterMs: 0 });
  });

  it('knows no faults in production', async () => {
    const faults = await open(true);
    for (const [method, body] of [['GET'], ['PUT', { hang: true }], ['DELETE']] as const) {
      const answer = await faults(method, body);
      expect([answer.status, answer.kit.faults]).toEqual([404, undefined]);
    }
  });
});
