import type { HttpRule, OperationsOf, UnaryOperation } from '@bff/contracts';
import { AppError, type Context, type FieldFault } from '@bff/core';

export interface HttpFaceOptions<Port> {
  operations: OperationsOf<Port>;
  /** `http://127.0.0.1:9101`. */
  baseUrl: string;
  /** The `Authorization` header; undefined for none. */
  authorization: (context: Context) => Promise<string | undefined>;
}

/** A port over plain `fetch` and the JSON mapping, written for tests and nothing else: no retry, no pool. Streams are not there. */
export function createHttpFace<Port extends object>(options: HttpFaceOptions<Port>): Port {
  const methods = Object.entries<unknown>(options.operations).map(([name, operation]) => [
    name,
    (request: unknown, context: Context) =>
      callOverHttp(operation as UnaryOperation<unknown, unknown>, options, request, context),
  ]);
  return Object.fromEntries(methods) as Port;
}

async function callOverHttp<Port>(
  operation: UnaryOperation<unknown, unknown>,
  { baseUrl, authorization }: HttpFaceOptions<Port>,
  request: unknown,
  context: Context,
): Promise<unknown> {
  if (!operation.http) throw new AppError('unimplemented', `${operation.name} has no HTTP rule.`);
  const bearer = await authorization(context);
  const { url, body } = place(operation.http, operation.request.toJson(request) as Record<string, unknown>);
  const response = await fetch(`${baseUrl}${url}`, {
    method: operation.http.method,
    signal: context.signal,
    headers: {
      ...(bearer !== undefined && { authorization: bearer }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(context.idempotencyKey !== undefined && { 'idempotency-key': context.idempotencyKey }),
      'x-request-timeout-ms': String(Math.max(1, Math.round(context.deadline.remainingMs()))),
    },
    ...(body !== undefined && { body }),
  });
  const answer: unknown = await response.json();
  if (response.status === (operation.http.status ?? 200)) return operation.response.fromJson(answer);
  const problem = answer as { code: AppError['code']; detail: string; errors?: FieldFault[] };
  throw new AppError(problem.code, problem.detail, { faults: problem.errors ?? [] });
}

function place(rule: HttpRule, message: Record<string, unknown>): { url: string; body: string | undefined } {
  const rest = { ...message };
  const path = rule.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name] as string;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of plain data
    delete rest[name];
    return encodeURIComponent(value);
  });
  if (rule.method === 'POST') return { url: path, body: JSON.stringify(rest) };
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return { url: query.size > 0 ? `${path}?${query.toString()}` : path, body: undefined };
}
