import { AppError } from '@bff/core';
import type { HttpRule, Operation } from '@bff/contracts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly body: string | null;
}

/** Lays a request out as its operation's HTTP rule says. Throws `unimplemented` when the operation has none. */
export function toHttpRequest<Req, Res>(operation: Operation<Req, Res>, request: Req): HttpRequest {
  const rule = operation.http;
  if (rule === undefined) throw new AppError('unimplemented', 'The service does not offer this over HTTP.');
  const fields = operation.request.toJson(request) as Record<string, unknown>;
  const rest = { ...fields };
  const path = rule.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy made here, keyed by the operation's own rule
    delete rest[name];
    return pathSegment(name, fields[name]);
  });
  if (rule.method === 'GET') return { method: 'GET', path: path + formatQuery(rest, rule), body: null };
  return { method: 'POST', path, body: JSON.stringify(rest) };
}

function pathSegment(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  // `.` and `..` would be resolved on the way, even encoded, and reach another route.
  if (text === '' || text === '.' || text === '..') {
    throw new AppError('invalid_argument', `The field ${name} is not an identifier.`, {
      faults: [{ field: name, message: 'is not an identifier' }],
    });
  }
  return encodeURIComponent(text);
}

function formatQuery(fields: Record<string, unknown>, rule: HttpRule): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value) && rule.lists?.includes(name)) query.set(name, value.map(String).join(','));
    else query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
