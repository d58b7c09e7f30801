import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '@bff/core';
import { createFaultRoutes } from './faults/fault-routes.ts';
import { problemOf } from './http/problem.ts';
import type { AdminRoute, Phase, ReadinessCheck } from './lifecycle.ts';
import { authorityOf, bind, type ListenAddress, type Listener } from './listener.ts';
import type { ProcessKit } from './process-kit.ts';

export interface AdminOptions {
  kit: ProcessKit;
  address: ListenAddress;
  phase: () => Phase;
  readiness: Readonly<Record<string, ReadinessCheck>>;
  info: () => Record<string, unknown>;
  routes: readonly AdminRoute[];
}

const bodyLimit = 64 * 1024;

/** The listener that the outside never reaches: health, metrics, what this process is, and the app's own routes. */
export async function startAdminListener(options: AdminOptions): Promise<Listener> {
  const routes = [...standardRoutes(options), ...options.routes];
  const server = createServer((request, response) => {
    void answer(routes, request, response, options);
  });
  const port = await bind(server, options.address, 'ADMIN_PORT');
  return {
    name: 'admin',
    url: `http://${authorityOf(options.address.host, port)}`,
    drain() {
      // Health must stay readable until the very end.
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function standardRoutes({ kit, phase, info }: AdminOptions): AdminRoute[] {
  const version = { name: kit.name, instance: kit.instance, pid: process.pid, node: process.version };
  const { faults } = kit;
  return [
    { method: 'GET', path: '/livez', handle: () => ({ status: 'ok' }) },
    {
      method: 'GET',
      path: '/info',
      handle: () => ({ ...version, phase: phase(), ...(faults && { faults: faults.settings }), ...info() }),
    },
    ...(faults ? createFaultRoutes(faults) : []),
  ];
}

async function answer(
  routes: readonly AdminRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  options: AdminOptions,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  try {
    if (request.method === 'GET' && path === '/metrics') {
      const text = await options.kit.metrics.expose();
      response.writeHead(200, { 'content-type': options.kit.metrics.contentType }).end(text);
      return;
    }
    if (request.method === 'GET' && path === '/readyz') {
      const report = await checkReadiness(options);
      send(response, report.ready ? 200 : 503, report);
      return;
    }
    const route = routes.find((candidate) => candidate.path === path && candidate.method === request.method);
    if (!route) throw new AppError('not_found', `The admin listener has no ${request.method ?? ''} ${path}.`);
    if (route.method !== 'GET') refusePages(request);
    const result = (await route.handle(await readBody(request))) ?? {};
    if (route.method !== 'GET') record(options, request, route, 'success', 200);
    send(response, 200, result);
  } catch (error) {
    const problem = problemOf(error);
    const known = routes.find((route) => route.path === path) ?? { path: 'unmatched' };
    if (request.method !== 'GET') record(options, request, known, 'refused', problem.status);
    if (problem.status >= 500) options.kit.logger.error({ err: error as Error }, 'admin request failed');
    send(response, problem.status, problem);
  }
}

/** A page in the browser of somebody who can reach this listener must not act in his place. */
function refusePages({ headers }: IncomingMessage): void {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return;
  throw new AppError('permission_denied', 'The admin listener is not for browsers.');
}

/** Whoever changes what this process does leaves a trace. */
function record(
  { kit }: AdminOptions,
  { method = '', socket }: IncomingMessage,
  { path }: Pick<AdminRoute, 'path'>,
  outcome: 'success' | 'refused',
  status: number,
): void {
  // Whoever sends too much is cut, and his connection is then no longer known.
  const address = (socket as Socket | null)?.remoteAddress;
  const target = `${method} ${path}`;
  kit.audit({ action: 'administration', outcome, address, target, status: String(status) });
}

async function checkReadiness({ phase, readiness }: AdminOptions) {
  const entries = await Promise.all(
    Object.entries(readiness).map(async ([name, check]): Promise<[string, string]> => {
      try {
        await check();
        return [name, 'ok'];
      } catch (error) {
        return [name, error instanceof Error ? error.message : 'failed'];
      }
    }),
  );
  const { name } = phase();
  return {
    ready: name === 'ready' && entries.every(([, state]) => state === 'ok'),
    phase: name,
    checks: Object.fromEntries(entries),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit)
      throw new AppError('invalid_argument', 'The body is too large for the admin listener.');
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (cause) {
    throw new AppError('invalid_argument', 'The body is not valid JSON.', { cause });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
