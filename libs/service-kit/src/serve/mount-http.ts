import type { HttpRule, UnaryOperation } from '@bff/contracts';
import { untilEnded, type Context } from '@bff/core';
import { contextOf, labelRoute, readJson } from '@bff/server-kit';
import type { Express, RequestHandler } from 'express';
import { readRequest } from './read-request.ts';
import type { BoundOperation } from './port-operations.ts';

/** Serves every operation that has an HTTP rule as JSON. `gates` run before each of them, in order. */
export function mountHttp(
  app: Express,
  operations: readonly BoundOperation[],
  gates: readonly RequestHandler[],
  maxBodyBytes: number,
): void {
  const readBody = readJson(maxBodyBytes);
  for (const { operation, call } of operations) {
    const { http } = operation;
    if (!http || operation.kind !== 'unary') continue;
    const handler = createHandler(
      operation,
      http,
      call as (request: unknown, context: Context) => Promise<unknown>,
    );
    if (http.method === 'GET') app.get(expressPath(http.path), ...gates, handler);
    else app.post(expressPath(http.path), ...gates, ...readBody, handler);
  }
}

/** `/v1/orders/{orderId}:cancel` as express writes it: the colon of a parameter is bare, a literal one escaped. */
function expressPath(path: string): string {
  return path.replaceAll(':', '\\:').replaceAll(/\{(\w+)\}/g, ':$1');
}

function createHandler(
  operation: UnaryOperation<unknown, unknown>,
  rule: HttpRule,
  call: (request: unknown, context: Context) => Promise<unknown>,
): RequestHandler {
  return async (request, response) => {
    labelRoute(request, rule.path);
    const context = contextOf(request);
    const message = operation.request.fromJson(readRequest(request, rule));
    const result = await untilEnded(call(message, context), context.signal);
    response.setHeader('Cache-Control', 'no-store');
    response.status(rule.status ?? 200).json(operation.response.toJson(result));
  };
}
