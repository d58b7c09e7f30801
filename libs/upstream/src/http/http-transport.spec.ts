import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { orderOperations } from '@bff/contracts';
import { startHttpServer } from '../testing/http-stand-in.ts';
import { failureOf, openRequest, openUpstream, order } from '../testing/stand-in.ts';
import { failureBehind } from '../upstream-failure.ts';
import { cleanUpAfterEach } from '../testing/clean-up-after-each.ts';

const orderJson = JSON.stringify(orderOperations.get.response.toJson(order));
const cleanUps = cleanUpAfterEach();

/** A port whose service answers every request as the test says. */
async function connect(listener: (request: IncomingMessage, response: ServerResponse) => void) {
  const service = await startHttpServer(listener);
  const opened = openUpstream(service.url);
  const scope = openRequest();
  cleanUps.push(
    () => service.close(),
    () => opened.upstream.close(),
    () => scope.close(),
  );
  return { ...opened, context: scope.context };
}

describe('the HTTP transport', () => {
  it.each([
    ['text that is not JSON', 200, '<html>It works!</html>'],
    ['JSON cut short', 200, orderJson.slice(0, -20)],
    ['JSON of something else', 200, '{"orders":[]}'],
    ['JSON that is no object', 200, '42'],
    ['a field of the wrong kind', 200, orderJson.replace('"ORDER_STATUS_CONFIRMED"', '"LOST"')],
    ['an empty body', 204, ''],
    ['a redirect', 302, ''],
  ])('takes %s for a broken service', async (_what, status, body) => {
    const { orders, context, attempts } = await connect((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: 'The service is not available; try again later.',
    });
    expect(failureBehind(failure)?.kind).toBe('server_error');
    expect(attempts[0]?.outcome).toMatchObject({ failure: 'server_error' });
  });

  it.each([
    [400, 'invalid_argument'],
    [401, 'unauthenticated'],
    [403, 'permission_denied'],
    [404, 'not_found'],
    [409, 'conflict'],
    [418, 'invalid_argument'],
    [429, 'resource_exhausted'],
    [500, 'internal'],
    [501, 'unimplemented'],
    [503, 'unavailable'],
    [504, 'deadline_exceeded'],
  ])('reads a bare %d as %s, without its words', async (status, code) => {
    const { orders, context } = await connect((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/plain' }).end('nginx at web-7.internal');
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain('nginx');
  });

  it.each([
    ['a code it does not know', '{"code":"teapot","detail":"short and stout"}'],
    ['no object', '"teapot"'],
    ['broken JSON', '{"code":"not_f'],
  ])('goes by the status when a problem has %s', async (_what, body) => {
    const { orders, context } = await connect((_request, response) => {
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end(body);
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure.code).toBe('unavailable');
    expect(failure.message).not.toContain('stout');
  });

  it('reads Retry-After as a date, too', async () => {
    const { orders, context } = await connect((_request, response) => {
      response.writeHead(503, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }).end();
    });
    const { retryAfterMs } = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(retryAfterMs).toBeGreaterThan(28_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it('refuses an answer of 10 MB before it is read to its end', async () => {
    let sent = 0;
    const { orders, context, attempts } = await connect((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const write = () => {
        while (sent < 10_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return response.once('drain', write);
        }
        return response.end();
      };
      write();
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failure.code).toBe('unavailable');
    expect(attempts[0]?.outcome).toMatchObject({ failure: 'server_error' });
    expect(sent).toBeLessThan(10_000_000);
  });

  it('is unavailable when the connection breaks in the middle of the answer', async () => {
    const { orders, context } = await connect((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"order":', () => response.socket?.resetAndDestroy());
    });
    const failure = await failureOf(orders.get({ orderId: 'o' }, context));
    expect(failureBehind(failure)?.kind).toBe('reset');
  });

  it('uses its connections again', async () => {
    const ports = new Set<number | undefined>();
    const { orders, context } = await connect((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(200, { 'content-type': 'application/json' }).end(orderJson);
    });
    for (let call = 0; call < 20; call++) await orders.get({ orderId: 'o' }, context);
    // Two: undici may not have put a connection back yet when the next request follows at once.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('opens no more connections than it may, and lets further calls wait', async () => {
    const waiting: (() => void)[] = [];
    const service = await startHttpServer((_request, response) => {
      waiting.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end(orderJson));
    });
    const { upstream, orders } = openUpstream(service.url, { maxConnections: 2 });
    const scope = openRequest();
    cleanUps.push(
      () => service.close(),
      () => upstream.close(),
      () => scope.close(),
    );
    const calls = Promise.all([1, 2, 3].map((n) => orders.get({ orderId: `o${n}` }, scope.context)));
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    // The third request cannot arrive before one of the two is answered.
    waiting[0]?.();
    while (waiting.length < 3) await new Promise((resolve) => setImmediate(resolve));
    waiting[1]?.();
    waiting[2]?.();
    expect(await calls).toHaveLength(3);
  });

  it.each(['', '.', '..'])('refuses the id "%s", which would reach another route', async (orderId) => {
    const { orders, context } = await connect((_request, response) => response.end('{}'));
    const failure = await failureOf(orders.get({ orderId }, context));
    expect(failure).toMatchObject({ code: 'invalid_argument', faults: [{ field: 'orderId' }] });
  });

  it('does not offer streams', async () => {
    const { orders, context } = await connect((_request, response) => response.end());
    const reading = orders.watch({ sinceRevision: 0 }, context)[Symbol.asyncIterator]().next();
    expect(await failureOf(reading)).toMatchObject({ code: 'unimplemented' });
  });
});
