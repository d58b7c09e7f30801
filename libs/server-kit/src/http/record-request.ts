import { logFields, type AuditAction } from '@bff/observability';
import type { Request, Response } from 'express';
import type { ProcessKit } from '../process-kit.ts';
import { clientAddressOf } from './claimed-headers.ts';
import { contextOf } from './request-context.ts';

const routeLabels = new WeakMap<Request, string>();
const refusalReasons = new WeakMap<Request, string>();

/** Names the route of a request whose express path is not a readable template; for logs and metrics. */
export function labelRoute(request: Request, template: string): void {
  routeLabels.set(request, template);
}

/** Notes why a request is refused, in words of our own, for the audit log. */
export function noteRefusal(request: Request, reason: string): void {
  refusalReasons.set(request, reason);
}

/** Metrics, the access log, and for what was refused the audit log: when the answer is out, or the client has left. */
export function recordRequest(
  kit: ProcessKit,
  request: Request,
  response: Response,
  durationMs: number,
): void {
  const route = routeOf(request);
  const { method } = request;
  const status = response.writableFinished ? response.statusCode : 499;
  kit.metrics.httpRequest({ route, method, status: String(status), durationMs });
  const fields = contextFields(request);
  kit.logger.info({ ...fields, method, route, status, durationMs: Math.round(durationMs) }, 'request');
  const action = refusals[status] ?? (refusalReasons.has(request) ? 'request_refused' : undefined);
  if (action === undefined) return;
  kit.audit({
    action,
    outcome: 'refused',
    reason: refusalReasons.get(request),
    subject: fields['subject'],
    client: fields['client'],
    address: clientAddressOf(request),
    requestId: fields['requestId'],
    target: `${method} ${route}`,
    status: String(status),
  });
}

const refusals: Readonly<Record<number, AuditAction>> = {
  401: 'access_refused',
  403: 'access_refused',
  408: 'request_refused',
  413: 'request_refused',
  414: 'request_refused',
  415: 'request_refused',
  429: 'rate_limited',
  431: 'request_refused',
};

function routeOf(request: Request): string {
  // express types `route` as any; it is absent when nothing matched.
  const route = request.route as { path?: unknown } | undefined;
  const path = typeof route?.path === 'string' ? `${request.baseUrl}${route.path}` : 'unmatched';
  return routeLabels.get(request) ?? path;
}

function contextFields(request: Request): Record<string, string | undefined> {
  try {
    const context = contextOf(request);
    return { ...logFields(context), client: context.principal?.client };
  } catch {
    // Refused before it had a context.
    return {};
  }
}
