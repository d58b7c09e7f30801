import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testCallers, type TestCaller, type TestTokenOptions } from '@bff/auth/testing';
import { authenticate, contextOf, createHttpApp, startHttpListener, type Listener } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import type { Express, RequestHandler } from 'express';
import { authorisation, openRoutes } from './authorisation.ts';
import { operations, type OperationId } from './contract/operations.ts';
import { createWebBffDocument } from './contract/web-bff-document.ts';
import { createPageRoutes } from './pages/page-routes.ts';
import { apiPath, authoriseOperations, refuseUnlisted } from './routes/authorise-routes.ts';
import { createDocsRoutes } from './routes/docs-routes.ts';
import { createSessionRoutes } from './session/session-routes.ts';
import type { BrowserSessions } from './session/open-sessions.ts';
import { openBff } from './testing/open-test-bff.ts';
import { startRealServices } from './testing/real-services.ts';
import { routesOf } from './testing/routes-of.ts';
import { sampleCheckout } from './testing/sample-checkout.ts';

let services: Awaited<ReturnType<typeof startRealServices>>;
let bff: Awaited<ReturnType<typeof openBff>>;
// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  bff = await openBff(services.environment);
}, 30_000);
afterAll(async () => {
  await bff.close();
  await services.close();
});

const alices = 'ord_0001';

const always = { nobody: 401, otherAudience: 401, noScope: 403 };
const read = { ...always, readScope: 200, writeScope: 403, alice: 200, support: 200 };
const write = { ...always, readScope: 403 };

/** What each row answers to each of them. */
const expected: Record<OperationId, Record<TestCaller, number>> = {
  listOrders: { ...read, bob: 200 },
  getOrder: { ...read, bob: 404 },
  watchOrder: { ...read, bob: 404 },
  // Her parcel is on its way: she may, and cannot.
  cancelOrder: { ...write, writeScope: 409, alice: 409, bob: 404, support: 404 },
  checkout: { ...write, writeScope: 201, alice: 201, bob: 201, support: 201 },
  getMe: { ...read, noScope: 200, writeScope: 200, bob: 200 },
};

const rows = operations.flatMap((operation) =>
  Object.entries(expected[operation.id]).map(
    ([caller, status]) => [operation.id, caller as TestCaller, status, operation] as const,
  ),
);

let keyed = 0;

async function ask({ id, method, path }: (typeof operations)[number], headers: Record<string, string>) {
  const body = id === 'checkout' && JSON.stringify(sampleCheckout);
  const response = await fetch(bff.url + path.replace('{orderId}', alices), {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json', 'idempotency-key': `row-${++keyed}` }),
      ...headers,
    },
    ...(body && { body }),
  });
  if (id === 'watchOrder' && response.ok) await response.body?.cancel();
  return response;
}

async function attempts(): Promise<number> {
  const lines = (await bff.kit.metrics.expose()).split('\n');
  return lines
    .filter((line) => line.startsWith('upstream_attempt_duration_seconds_count'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

describe('the authorisation of web-bff', () => {
  let before: number;
  beforeEach(async () => {
    before = await attempts();
  });

  it.each(rows)('%s by %s: %d', async (id, caller, status, operation) => {
    const token: TestTokenOptions | undefined = testCallers[caller];
    const headers: Record<string, string> = token
      ? { authorization: `Bearer ${await bff.token(token)}` }
      : {};
    const response = await ask(operation, headers);
    expect(response.status).toBe(status);
    if (status !== 401 && status !== 403) return;
    expect(await response.json()).toMatchObject({
      status,
      code: status === 401 ? 'unauthenticated' : 'permission_denied',
    });
    const { scope } = authorisation[id];
    expect(response.headers.get('www-authenticate')).toMatch(
      status === 401
        ? /^Bearer realm="bff"/
        : `Bearer realm="bff", error="insufficient_scope", scope="${scope}"`,
    );
    expect(await attempts()).toBe(before);
  });

  it.each(operations.filter(({ method }) => method !== 'get'))(
    '$id with a session cookie and from another site: 403',
    async (operation) => {
      const headers = { cookie: '__Host-session=x', origin: 'https://evil.example' };
      expect((await ask(operation, headers)).status).toBe(403);
      expect(await attempts()).toBe(before);
    },
  );

  it('lists to everybody his own orders, support included', async () => {
    const listFor = async (token: TestTokenOptions): Promise<string[]> => {
      const authorization = `Bearer ${await bff.token(token)}`;
      const page = await (await bff.get('/v1/orders?pageSize=100', { authorization })).json();
      return (page as { orders: { orderId: string }[] }).orders.map(({ orderId }) => orderId);
    };
    const hers = new Set(await listFor(testCallers.alice));
    expect(hers.size).toBe(100);
    for (const other of [testCallers.bob, testCallers.support]) {
      const listed = await listFor(other);
      expect(listed.length).toBeGreaterThan(0);
      expect(listed.filter((orderId) => hers.has(orderId))).toEqual([]);
    }
  });
});

describe('the table', () => {
  it('has a row for every operation of the OpenAPI document, and no other', () => {
    const { paths } = createWebBffDocument() as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(Object.keys(authorisation).sort()).toEqual(ids.sort());
  });

  it('lists every route outside the API, and no other', () => {
    const kit = { audit: () => undefined };
    const served = [
      ...routesOf(createPageRoutes()),
      ...routesOf(createDocsRoutes({ document: {}, page: true }), '/docs'),
      ...routesOf(createSessionRoutes({} as BrowserSessions, kit)).map((route) =>
        route.replace(' ', ' /auth'),
      ),
    ];
    expect(served.sort()).toEqual([...openRoutes].sort());
  });
});

describe('a handler that no row is about', () => {
  const unlisted = ['/auth/secret', '/auth/session2', '/auth/login/secret'];
  const carol = { subject: 'carol', client: 'test', scopes: [], roles: [] };
  const mount = (app: Express) => {
    const whoAsks: RequestHandler = (request, response) => {
      response.json(contextOf(request).principal?.subject ?? 'nobody');
    };
    app.use(refuseUnlisted());
    app.all(unlisted, whoAsks);
    app.use(
      apiPath,
      authenticate(async () => carol),
      authoriseOperations(),
      whoAsks,
    );
  };
  let listener: Listener;
  beforeAll(async () => {
    const kit = createTestKit();
    const handler = createHttpApp({ kit, requestTimeoutMs: 1_000, mount });
    listener = await startHttpListener({ handler, kit, address: { host: '127.0.0.1', port: 0 } });
  });
  afterAll(() => listener.close(0));
  const ask = async (method: string, path: string) => {
    const response = await fetch(listener.url + path, { method });
    return [response.status, await response.json()];
  };

  it.each(unlisted)('is not reached outside the API: %s', async (path) => {
    expect(await ask('GET', path)).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  it.each([
    ['GET', '/v1/me/secret'],
    ['GET', '/v1/ME'],
    ['DELETE', '/v1/orders/ord_0001'],
    ['POST', '/v1/orders'],
    ['GET', '/v1/checkouts'],
    ['POST', '/v1/orders/ord_0001:refund'],
  ])('is reached as nobody in the API: %s %s', async (method, path) => {
    expect(await ask(method, path)).toEqual([200, 'nobody']);
  });

  it('is reached as who asks where there is a row', async () => {
    expect(await ask('GET', '/v1/me')).toEqual([200, 'carol']);
    expect(await ask('GET', '/v1/orders')).toEqual([
      403,
      expect.objectContaining({ code: 'permission_denied', detail: expect.stringContaining('orders:read') }),
    ]);
  });
});
