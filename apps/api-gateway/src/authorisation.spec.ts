import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestTokenOptions } from '@bff/auth/testing';
import { readConfiguration } from '@bff/server-kit';
import { authorisation, type GatewayOperation } from './authorisation.ts';
import { configuration } from './config.ts';
import { createRoutes } from './routes.ts';
import { answerJson } from './testing/fake-service.ts';
import { openTestGateway, type TestGateway } from './testing/open-test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ RATE_LIMIT_PER_MINUTE: '1000' });
});
afterAll(() => gateway.close());
const services = () => [gateway.orders, gateway.payments, gateway.shipments];
beforeEach(() => {
  for (const { seen } of services()) seen.splice(0);
});

const [allowed, unknown, lacking] = [200, 401, 403];

/** Who asks; undefined for nobody. */
const callers = {
  nobody: undefined,
  otherAudience: { audience: 'urn:bff:web-bff' },
  noScope: { scope: 'openid' },
  readScope: { scope: 'openid orders:read' },
  writeScope: { scope: 'openid orders:write' },
  user: {},
  support: { sub: 'sam', roles: ['support'] },
  courier: { sub: 'kim', roles: ['courier'] },
  manyRoles: { sub: 'max', roles: ['admin', 'courier', 'support', 'user'] },
} satisfies Record<string, TestTokenOptions | undefined>;
type Caller = keyof typeof callers;

const always = { nobody: unknown, otherAudience: unknown, noScope: lacking };
const everybody = { user: allowed, support: allowed, courier: allowed, manyRoles: allowed };
const read = { ...always, readScope: allowed, writeScope: lacking, ...everybody };
const write = { ...always, readScope: lacking, writeScope: allowed, ...everybody };

const expected: Record<GatewayOperation, { answers: Record<Caller, number>; passesOn: string[] }> = {
  'GET /v1/orders': { answers: read, passesOn: ['support'] },
  'HEAD /v1/orders': { answers: read, passesOn: ['support'] },
  'POST /v1/orders': { answers: write, passesOn: ['support'] },
  'GET /v1/payments': { answers: read, passesOn: ['support'] },
  'HEAD /v1/payments': { answers: read, passesOn: ['support'] },
  'POST /v1/payments': { answers: write, passesOn: ['support'] },
  'GET /v1/shipments': { answers: read, passesOn: ['support'] },
  'HEAD /v1/shipments': { answers: read, passesOn: ['support'] },
  'POST /v1/shipments': { answers: write, passesOn: ['courier', 'support'] },
};

const rows = Object.entries(expected).flatMap(([operation, { answers, passesOn }]) =>
  Object.entries(answers).map(
    ([caller, status]) => [operation as GatewayOperation, caller as Caller, status, passesOn] as const,
  ),
);

const audiences: Record<string, string> = {
  '/v1/orders': 'order-service',
  '/v1/payments': 'payment-service',
  '/v1/shipments': 'shipping-service',
};

describe('the authorisation of api-gateway', () => {
  it.each(rows)('%s by %s: %d', async (operation, caller, status, passesOn) => {
    const [method = '', prefix = ''] = operation.split(' ');
    const token: TestTokenOptions | undefined = callers[caller];
    const headers: Record<string, string> = token
      ? { authorization: `Bearer ${await gateway.token(token)}` }
      : {};
    const response = await fetch(`${gateway.url}${prefix}/id_1`, { method, headers });
    expect(response.status).toBe(status);
    const seen = services().flatMap((service) => service.seen);
    if (status === allowed) {
      expect(seen).toHaveLength(1);
      const { subject, roles } = await gateway.principalFor(
        audiences[prefix]!,
        seen[0]!.headers.authorization,
      );
      expect([subject, roles]).toEqual([
        token?.sub ?? 'alice',
        (token?.roles ?? []).filter((role) => passesOn.includes(role)),
      ]);
      return;
    }
    expect(seen).toEqual([]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('www-authenticate')).toMatch(
      status === unknown
        ? /^Bearer realm="bff"/
        : `Bearer realm="bff", error="insufficient_scope", scope="${authorisation[operation].scope}"`,
    );
    if (method === 'HEAD') return;
    expect(await response.json()).toMatchObject({
      status,
      code: status === unknown ? 'unauthenticated' : 'permission_denied',
    });
  });

  it.each(Object.values(audiences))('%s decides whose a resource is, and that is passed on', async (name) => {
    const [service] = services().filter((_one, index) => Object.values(audiences)[index] === name);
    const problem = { status: 404, code: 'not_found', detail: 'There is none.' };
    const { answer } = service!;
    service!.answer = answerJson(404, problem);
    const prefix = Object.entries(audiences).find(([, audience]) => audience === name)![0];
    const authorization = `Bearer ${await gateway.token({ sub: 'bob' })}`;
    const response = await gateway.send(`${prefix}/of_alice`, { headers: { authorization } });
    service!.answer = answer;
    expect([response.status, await response.json()]).toEqual([404, problem]);
  });
});

describe('the table', () => {
  it('has rows for every route, and no other', () => {
    const routes = createRoutes(
      readConfiguration(configuration, {
        INTERNAL_SIGNING_KEY: JSON.stringify(gateway.signingKey),
      }),
    );
    const operations = routes.flatMap(({ prefix, methods }) =>
      methods.map((method) => `${method} ${prefix}`),
    );
    expect(operations.sort()).toEqual(Object.keys(authorisation).sort());
    for (const { methods } of routes) expect(methods.length).toBeGreaterThan(0);
    expect(Object.keys(expected).sort()).toEqual(operations);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('has no row for %s, which is refused', async (method) => {
    for (const prefix of Object.keys(audiences)) {
      const response = await gateway.send(`${prefix}/id_1`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    }
    expect(services().flatMap(({ seen }) => seen)).toEqual([]);
  });
});
