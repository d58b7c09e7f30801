import { once } from 'node:events';
import { connect, type Settings } from 'node:http2';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAuthorise, type Authorise } from '@bff/auth';
import { AppError, type Context } from '@bff/core';
import { decodeStatusDetails, healthOperations, orderOperations, type UnaryOperation } from '@bff/contracts';
import { createTestKit } from '../testing/index.ts';
import { createGrpcServer, startGrpcListener, type CallGate, type Listener } from '../index.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type GetOrder = (request: { orderId: string }, context: Context) => Promise<never>;

async function serve(
  get: GetOrder,
  gate: CallGate = () => undefined,
  requestTimeoutMs = 2000,
  authorise?: Authorise<string>,
): Promise<{ listener: Listener; client: Client }> {
  const grpc = createGrpcServer({
    kit: createTestKit(),
    requestTimeoutMs,
    gates: [gate],
    ...(authorise && { authorise }),
    authenticate: (authorization) =>
      authorization === 'Bearer waits'
        ? new Promise(() => undefined)
        : authorization === 'Bearer good'
          ? Promise.resolve({ subject: 'alice', client: 'test', scopes: [], roles: ['support', 'admin'] })
          : Promise.reject(new AppError('unauthenticated', 'An access token is required.')),
  });
  grpc.unary(orderOperations.get, get);
  const listener = await startGrpcListener({
    grpc,
    address: { host: '127.0.0.1', port: 0 },
    kit: createTestKit(),
  });
  const client = new Client(new URL(listener.url).host, credentials.createInsecure());
  closing.push(
    () => {
      client.close();
    },
    () => listener.close(0),
  );
  return { listener, client };
}

function call<Req, Res>(
  client: Client,
  operation: UnaryOperation<Req, Res>,
  request: Req,
  headers: Record<string, string>,
  deadline = Infinity,
) {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const { rpcPath, request: requestCodec, response } = operation;
  return new Promise<Res>((resolve, reject) => {
    client.makeUnaryRequest(
      rpcPath,
      requestCodec.encode,
      response.decode,
      request,
      metadata,
      { deadline },
      (error, value) => {
        if (error) reject(error);
        else resolve(value as Res);
      },
    );
  });
}

const good = { authorization: 'Bearer good' };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as ServiceError,
  );

describe('createGrpcServer', () => {
  it('gives the handler a context with principal, request id, deadline and idempotency key', async () => {
    const seen: Context[] = [];
    const { client } = await serve((_request, context) => {
      seen.push(context);
      return Promise.reject(new AppError('not_found', 'No such order.'));
    });
    const headers = { ...good, 'x-request-id': 'r-1', 'idempotency-key': 'k-1', 'x-request-retried': '1' };
    const error = await failure(
      call(client, orderOperations.get, { orderId: 'x' }, headers, Date.now() + 500),
    );
    expect(error).toMatchObject({ code: 5, details: 'No such order.' });
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
    expect(decodeStatusDetails(details as Buffer).code).toBe('not_found');
    expect(seen[0]).toMatchObject({
      requestId: 'r-1',
      idempotencyKey: 'k-1',
      retried: true,
      principal: { subject: 'alice' },
    });
    expect(seen[0]?.deadline.remainingMs()).toBeLessThanOrEqual(500);
  });

  it('refuses a call without a valid token before the handler runs', async () => {
    let calls = 0;
    const { client } = await serve(() => {
      calls += 1;
      return Promise.reject(new Error('unreachable'));
    });
    expect(await failure(call(client, orderOperations.get, { orderId: 'x' }, {}))).toMatchObject({
      code: 16,
    });
    expect(calls).toBe(0);
  });

  it('refuses metadata of more than 16 KB before it looks at the token', async () => {
    const { client } = await serve(() => Promise.reject(new AppError('not_found', 'No such order.')));
    const get = (bytes: number) =>
      failure(
        call(client, orderOperations.get, { orderId: 'x' }, { ...good, 'x-filling': 'a'.repeat(bytes) }),
      );
    expect(await get(12 * 1024)).toMatchObject({ code: 5 });
    expect(await get(20 * 1024)).toMatchObject({
      code: 8,
      details: 'The metadata of the call is too large.',
    });
  });

  it('answers by the deadline when authentication or a gate hangs, and then starts no work', async () => {
    let calls = 0;
    let openGate: () => void = () => undefined;
    const gate = () => new Promise<void>((resolve) => (openGate = resolve));
    const get = () => Promise.reject(new Error(`unreachable ${String((calls += 1))}`));
    const { client } = await serve(get, gate, 60);
    const ask = (headers: Record<string, string>) =>
      failure(call(client, orderOperations.get, { orderId: 'x' }, headers));
    expect(await ask({ authorization: 'Bearer waits' })).toMatchObject({ code: 4 });
    expect(await ask(good)).toMatchObject({ code: 4 });
    openGate();
    expect(await ask({ authorization: 'Bearer waits' })).toMatchObject({ code: 4 });
    expect(calls).toBe(0);
  });

  it('hides what a handler throws', async () => {
    const { client } = await serve(() => Promise.reject(new Error('db at 10.0.0.1 is down')));
    const error = await failure(call(client, orderOperations.get, { orderId: 'x' }, good));
    expect(error).toMatchObject({ code: 13, details: 'The request could not be completed.' });
    expect(JSON.stringify(error)).not.toContain('10.0.0.1');
  });

  it('cancels the handler’s context when the client’s deadline passes', async () => {
    let aborted: (context: Context) => void = () => undefined;
    const ended = new Promise<Context>((resolve) => (aborted = resolve));
    const { client } = await serve((_request, context) => {
      context.signal.addEventListener('abort', () => {
        aborted(context);
      });
      return new Promise(() => undefined);
    });
    const error = await failure(call(client, orderOperations.get, { orderId: 'x' }, good, Date.now() + 60));
    expect(error).toMatchObject({ code: 4 });
    expect((await ended).signal.aborted).toBe(true);
  });
});

describe('startGrpcListener', () => {
  it('limits the calls that one connection may have in flight', async () => {
    const { listener } = await serve(() => Promise.reject(new Error('unused')));
    const session = connect(`http://${new URL(listener.url).host}`);
    const [settings] = (await once(session, 'remoteSettings')) as [Settings];
    session.destroy();
    expect(settings.maxConcurrentStreams).toBe(1_000);
  });

  it('serves health without a token: serving, not_found for a stranger, not_serving while draining', async () => {
    const { client, listener } = await serve(() => Promise.reject(new Error('unused')));
    const check = (service: string) => call(client, healthOperations.check, { service }, {});
    expect([await check(''), await check('commerce.order.v1.OrderService')]).toEqual(['serving', 'serving']);
    expect(await failure(check('nobody'))).toMatchObject({ code: 5 });
    listener.drain();
    expect(await check('')).toBe('not_serving');
  });

  it('lets a call in flight finish when it closes', async () => {
    const arrival = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<never>();
    const { client, listener } = await serve(() => {
      arrival.resolve(undefined);
      return answer.promise;
    });
    const result = failure(call(client, orderOperations.get, { orderId: 'x' }, good));
    await arrival.promise;
    const closed = listener.close(2000);
    answer.reject(new AppError('not_found', 'late but answered'));
    expect(await result).toMatchObject({ code: 5, details: 'late but answered' });
    await closed;
  });

  it('cuts calls that outlast the limit when it closes', async () => {
    const arrival = Promise.withResolvers<undefined>();
    const { client, listener } = await serve(() => {
      arrival.resolve(undefined);
      return new Promise(() => undefined);
    });
    const result = failure(call(client, orderOperations.get, { orderId: 'x' }, good));
    await arrival.promise;
    await listener.close(10);
    expect((await result)?.code).toBeGreaterThan(0);
  });
});

describe('with an authorisation table', () => {
  it('a call is carried out as whom its row makes of the caller', async () => {
    const seen: unknown[] = [];
    const get = async (_request: unknown, { principal }: Context) => {
      seen.push(principal?.roles);
      throw new AppError('not_found', 'There is no such order.');
    };
    const authorise = createAuthorise<string>({ GetOrder: { user: 'own', support: 'any' } });
    const { client } = await serve(get, undefined, undefined, authorise);
    const failed = await failure(call(client, orderOperations.get, { orderId: 'ord_1' }, good));
    expect([failed?.code, seen]).toEqual([status.NOT_FOUND, [['support']]]);
  });

  it.each([
    ['a method without a row', {}, status.PERMISSION_DENIED],
    ['a row for others', { GetOrder: { courier: 'any' } }, status.PERMISSION_DENIED],
    [
      'a scope that the token lacks',
      { GetOrder: { scope: 'orders:read', user: 'own' } },
      status.PERMISSION_DENIED,
    ],
  ] as const)('a call is refused before any gate and its work for %s', async (_what, table, code) => {
    const reached: string[] = [];
    const get = async () => {
      reached.push('work');
      throw new AppError('internal', 'Must not be reached.');
    };
    const gate: CallGate = () => void reached.push('gate');
    const { client } = await serve(get, gate, undefined, createAuthorise<string>(table));
    const failed = await failure(call(client, orderOperations.get, { orderId: 'ord_1' }, good));
    expect([failed?.code, reached]).toEqual([code, []]);
  });
});
