import type { HttpRule } from '@bff/contracts';
import { AppError } from '@bff/core';
import type { Request } from 'express';

/** Query parameters of a list; `ListQuery` is the same for all services. */
const listParameters = ['pageSize', 'pageToken', 'orderIds', 'customerId', 'status'];

/** The request as one JSON object: the path's parameters together with the query (GET) or the body (POST). */
export function readRequest(request: Request, rule: HttpRule): unknown {
  if (rule.method === 'GET') return { ...readQuery(request, rule), ...request.params };
  readQuery(request, rule);
  const body: unknown = request.body ?? {};
  // What is not an object is passed on as it is: the codec refuses it.
  return typeof body === 'object' && !Array.isArray(body) ? { ...body, ...request.params } : body;
}

function readQuery({ query }: Request, { lists }: HttpRule): Record<string, unknown> {
  const known = lists ? listParameters : [];
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (!known.includes(name)) throw invalidParameter(name, 'is not a parameter of this operation');
      if (typeof value !== 'string') throw invalidParameter(name, 'must be given once');
      return [name, lists?.includes(name) ? splitList(name, value) : value];
    }),
  );
}

function splitList(name: string, value: string): string[] {
  const entries = value.split(',').filter((entry) => entry !== '');
  // An empty list would be no filter at all, which is the opposite of what it says.
  if (entries.length === 0) throw invalidParameter(name, 'must not be empty; leave it out instead');
  return entries;
}

function invalidParameter(field: string, message: string): AppError {
  return new AppError('invalid_argument', 'The query cannot be used.', { faults: [{ field, message }] });
}
