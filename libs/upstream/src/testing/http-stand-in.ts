import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { AppError } from '@bff/core';
import { httpStatusOf, orderOperations, type UnaryOperation } from '@bff/contracts';
import type { Respond, StandIn } from './stand-in.ts';

/** An HTTP server that does whatever it is told, for answers that no service would give. */
export async function startHttpServer(
  listener: RequestListener,
  port = 0,
  host = '127.0.0.1',
): Promise<StandIn> {
  let draining = false;
  const server = createServer((request, response) => {
    if (draining) response.setHeader('connection', 'close');
    if (request.url === '/readyz') response.writeHead(draining ? 503 : 200).end();
    else listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    drain() {
      draining = true;
    },
    finish: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The order service over HTTP/JSON, as its operation table says. */
export function startHttpStandIn(respond: Respond, port = 0, host?: string): Promise<StandIn> {
  return startHttpServer((request, response) => void serve(request, response, respond), port, host);
}

async function serve(request: IncomingMessage, response: ServerResponse, respond: Respond): Promise<void> {
  const { operation, fields } = await readRequest(request);
  const { promise: cancelled, resolve: cancel } = Promise.withResolvers<undefined>();
  response.on('close', () => {
    if (!response.writableFinished) cancel(undefined);
  });
  try {
    const value = await respond({
      operation: operation.name,
      request: operation.request.fromJson(fields),
      headers: request.headers as Record<string, string>,
      timeoutMs: Number(request.headers['x-request-timeout-ms']),
      cancelled,
      socket: request.socket,
    });
    const body = JSON.stringify(operation.response.toJson(value));
    response.writeHead(operation.http?.status ?? 200, { 'content-type': 'application/json' }).end(body);
  } catch (thrown) {
    sendProblem(response, AppError.from(thrown));
  }
}

async function readRequest(request: IncomingMessage) {
  const url = new URL(request.url ?? '', 'http://localhost');
  const [, id, verb] = /^\/v1\/orders(?:\/([^:]+))?(?::(\w+))?$/.exec(url.pathname) ?? [];
  const text = await readText(request);
  const body = text === '' ? {} : (JSON.parse(text) as object);
  const query: Record<string, unknown> = Object.fromEntries(url.searchParams);
  if (typeof query['orderIds'] === 'string') query['orderIds'] = query['orderIds'].split(',');
  const fields = { ...query, ...body, ...(id === undefined ? {} : { orderId: decodeURIComponent(id) }) };
  return { operation: operationOf(request.method, id, verb), fields };
}

function operationOf(method: string | undefined, id: string | undefined, verb: string | undefined) {
  const { get, list, create, cancel } = orderOperations;
  const read = id === undefined ? list : get;
  const write = verb === 'cancel' ? cancel : create;
  return (method === 'GET' ? read : write) as UnaryOperation<unknown, unknown>;
}

function sendProblem(response: ServerResponse, error: AppError): void {
  const { code, message, faults, retryAfterMs } = error;
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (retryAfterMs !== undefined) headers['retry-after'] = String(retryAfterMs / 1_000);
  response.writeHead(httpStatusOf(code), headers).end(
    JSON.stringify({
      type: 'about:blank',
      status: httpStatusOf(code),
      detail: message,
      code,
      errors: faults,
    }),
  );
}
