import { orderOperations } from '@bff/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callUnary, get, glance, query } from './testing/clients.ts';
import { createExpiredToken, createSignedToken } from './testing/expired-token.ts';
import { insideNames } from './testing/inside-names.ts';
import { readmeSamples, runSample } from './testing/readme-samples.ts';
import { isAlive, startStack, type RunningStack } from './testing/running-stack.ts';
import { until } from './testing/until.ts';

/** `REQUEST_TIMEOUT_MS` of every BFF by default. */
const deadlineMs = 2_000;
/** For a machine that is busy with other tests. */
const slackMs = 1_000;

const screen = `{ order(id: "ord_0001") {
  status total { minorUnits currency } lines { title quantity }
  payment { status } shipment { status estimatedDelivery latestEvent { place } }
} }`;

let stack: RunningStack;
let tokens: Record<'web' | 'mobile' | 'wearable', string>;

beforeAll(async () => {
  // Long enough to see what is missing while a process is down.
  stack = await startStack(['--level', '2', '--restart-after', '2']);
  const [web, mobile, wearable] = await Promise.all(
    ['web', 'mobile', 'wearable'].map((client) => stack.token('alice', client)),
  );
  tokens = { web: web!, mobile: mobile!, wearable: wearable! };
}, 60_000);
afterAll(() => stack.remove());

const web = (path: string, token: string | undefined = tokens.web) =>
  get(`${stack.state()!.entries.web[0]!}${path}`, token);
const mobile = (document: string, token: string | undefined = tokens.mobile) =>
  query(stack.state()!.entries.mobile[0]!, document, token);
const wearable = (orderId: string, token: string | undefined = tokens.wearable) =>
  glance(stack.state()!.entries.wearable[0]!, orderId, token);

/** The order screen of each client at the same time, and what must not be in any of them. */
async function openScreens() {
  const [rest, graphql, grpc] = await Promise.all([
    web('/v1/orders/ord_0001'),
    mobile(screen),
    wearable('ord_0001'),
  ]);
  for (const text of [rest.text, graphql.text, grpc.details]) expect(text).not.toMatch(insideNames);
  for (const { elapsedMs } of [rest, graphql, grpc]) expect(elapsedMs).toBeLessThan(deadlineMs + slackMs);
  return { rest, graphql, grpc };
}

function untilComplete() {
  const isComplete = async () => {
    const { rest, grpc } = await openScreens();
    return rest.json.meta.sources.length === 0 && grpc.message.unavailable.length === 0;
  };
  // Three requests a check: far below the rate limit of a user.
  return until('the screens are complete', isComplete, 10_000, 200);
}

describe('the start', () => {
  it('prints at most twenty lines: a table of addresses, the time taken, three commands', () => {
    const lines = stack.output().trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(stack.output()).toMatch(/web-bff +http:\/\/127\.0\.0\.1:\d+81/);
    expect(stack.output()).toMatch(/Ready in \d+\.\d s\. Ctrl-C stops everything/);
  });

  it('prints commands that work when pasted', async () => {
    const commands = stack.output().split('Try:\n')[1]!.trim().split('\n');
    const answers = await Promise.all(commands.map((command) => stack.run(command)));
    expect(answers.map(({ status }) => status)).toEqual([0, 0, 0]);
    const [rest, graphql, grpc] = answers.map(({ stdout }) => JSON.parse(stdout));
    expect([rest.orderId, graphql.data.order.status, grpc.glance.order_id]).toEqual([
      'ord_0001',
      'CONFIRMED',
      'ord_0001',
    ]);
  });
});

describe('the same order', () => {
  it('is read in each protocol, in one round trip, within its bytes', async () => {
    const { rest, graphql, grpc } = await openScreens();
    expect([rest.status, graphql.status, grpc.status]).toEqual([200, 200, 'OK']);
    expect(rest.json).toMatchObject({
      ...{ orderId: 'ord_0001', status: 'confirmed', total: { currency: 'EUR', minorUnits: 23575 } },
      ...{ payment: { status: 'captured' }, shipment: { status: 'in_transit' }, meta: { sources: [] } },
    });
    expect(rest.json.lines).toHaveLength(3);
    expect(rest.json.shipment.events).toHaveLength(3);
    expect(graphql.json.errors).toBeUndefined();
    expect(graphql.json.data.order).toMatchObject({
      ...{ status: 'CONFIRMED', total: { currency: 'EUR', minorUnits: 23575 } },
      ...{ payment: { status: 'CAPTURED' }, shipment: { status: 'IN_TRANSIT' } },
    });
    expect(grpc.message).toMatchObject({
      glance: {
        order_id: 'ord_0001',
        stage: 'ORDER_STAGE_ON_THE_WAY',
        total_minor_units: 23575,
        currency: 'EUR',
      },
      unavailable: [],
    });
    const bytes = { watch: grpc.bytes, phone: graphql.bytes, web: rest.bytes };
    process.stdout.write(`bytes of the same order: ${JSON.stringify(bytes)}\n`);
    expect(bytes.watch).toBeLessThanOrEqual(48);
    expect(bytes.phone).toBeLessThanOrEqual(450);
    expect(bytes.web).toBeLessThanOrEqual(1_400);
  });

  it('is listed by each', async () => {
    const [rest, graphql] = await Promise.all([
      web('/v1/orders?pageSize=3'),
      mobile('{ orders(first: 3) { edges { node { id payment { status } } } } }'),
    ]);
    const ids = rest.json.orders.map(({ orderId }: { orderId: string }) => orderId);
    expect(ids).toHaveLength(3);
    expect(graphql.json.data.orders.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids);
  });
});

describe('who may not', () => {
  const audience = (client: string) => `urn:bff:${client}-bff`;
  const wrongTokens: [string, (client: string) => Promise<string>][] = [
    ['missing', async () => ''],
    ['expired', (client) => createExpiredToken(stack, audience(client))],
    ['for the gateway', () => createSignedToken(stack, { audience: 'urn:bff:api-gateway', expiresIn: 900 })],
  ];

  it.each(wrongTokens)('is refused in each protocol when the token is %s', async (_name, create) => {
    const [restToken, graphqlToken, grpcToken] = await Promise.all(['web', 'mobile', 'wearable'].map(create));
    const entry = stack.state()!.entries;
    const [rest, graphql, grpc] = await Promise.all([
      get(`${entry.web[0]!}/v1/orders/ord_0001`, restToken || undefined),
      query(entry.mobile[0]!, screen, graphqlToken || undefined),
      glance(entry.wearable[0]!, 'ord_0001', grpcToken || undefined),
    ]);
    expect([rest.status, rest.json.code]).toEqual([401, 'unauthenticated']);
    expect(graphql.json.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(graphql.json.data ?? undefined).toBeUndefined();
    expect(grpc.status).toBe('UNAUTHENTICATED');
    for (const text of [rest.text, graphql.text, grpc.details]) expect(text).not.toMatch(insideNames);
  });

  it('does the same token right: the signature of these tests is the issuer’s', async () => {
    const token = await createSignedToken(stack, { audience: audience('web'), expiresIn: 900 });
    expect((await web('/v1/orders/ord_0001', token)).status).toBe(200);
  });

  it('does not see another user’s order', async () => {
    const [forWeb, forMobile, forWearable] = await Promise.all(
      ['web', 'mobile', 'wearable'].map((client) => stack.token('bob', client)),
    );
    const [rest, graphql, grpc] = await Promise.all([
      web('/v1/orders/ord_0001', forWeb),
      mobile(screen, forMobile),
      wearable('ord_0001', forWearable),
    ]);
    expect([rest.status, rest.json.code]).toEqual([404, 'not_found']);
    expect([graphql.json.data.order, graphql.json.errors[0].extensions.code]).toEqual([null, 'NOT_FOUND']);
    expect(grpc.status).toBe('NOT_FOUND');
  });

  it('reads any order when he is support', async () => {
    const token = await stack.token('sam', 'web');
    expect((await web('/v1/orders/ord_0001', token)).json.orderId).toBe('ord_0001');
  });

  it('calls a service directly, over HTTP or gRPC, with no token or a client’s', async () => {
    const { url, grpc } = stack.process('order-service');
    const { rpcPath, request } = orderOperations.get;
    const bytes = request.encode({ orderId: 'ord_0001' });
    for (const token of [undefined, tokens.web]) {
      expect((await get(`${url}/v1/orders/ord_0001`, token)).status).toBe(401);
      const call = { address: grpc!, path: rpcPath, request: bytes };
      expect((await callUnary({ ...call, ...(token !== undefined && { token }) })).status).toBe(
        'UNAUTHENTICATED',
      );
    }
  });
});

describe('samples of the README', () => {
  it('are there in each protocol', () => {
    expect(readmeSamples(2).length).toBeGreaterThanOrEqual(3);
  });

  it('answer as they are printed there', async () => {
    for (const sample of readmeSamples(2)) {
      const { printed, expected } = await runSample(sample, stack);
      expect(`line ${sample.line}: ${printed}`).toBe(`line ${sample.line}: ${expected}`);
    }
  }, 30_000);
});

describe('without the payment service', () => {
  const expectPartial = async (status: string) => {
    const { rest, graphql, grpc } = await openScreens();
    expect([rest.status, rest.json.payment, rest.json.shipment.status]).toEqual([200, null, 'in_transit']);
    expect(rest.json.meta.sources).toMatchObject([{ source: 'payment', status }]);
    expect(rest.headers.get('x-completed')).toBe('false');
    expect(rest.headers.get('cache-control')).toMatch(/no-store/);
    expect(graphql.json.data.order).toMatchObject({ payment: null, shipment: { status: 'IN_TRANSIT' } });
    expect(graphql.json.errors).toMatchObject([
      { path: ['order', 'payment'], extensions: { code: `SOURCE_${status.toUpperCase()}` } },
    ]);
    expect(grpc.status).toBe('OK');
    expect(grpc.message).toMatchObject({
      glance: { order_id: 'ord_0001', stage: 'ORDER_STAGE_ON_THE_WAY' },
      unavailable: ['SOURCE_PAYMENT'],
    });
  };

  it('which hangs, each BFF answers within its deadline and says what is missing', async () => {
    await stack.setFaults('payment-service', { hang: true });
    await expectPartial('timeout');
    await stack.setFaults('payment-service', {});
    expect((await openScreens()).rest.json.payment.status).toBe('captured');
  });

  it('which is killed, each BFF answers and says what is missing', async () => {
    await stack.kill('payment-service');
    await expectPartial('unavailable');
    expect(stack.output()).toMatch(/payment-service died \(SIGKILL\); it starts again in 2 s/);
  });
});

describe('mobile-bff killed', () => {
  it('changes nothing for web and watch', async () => {
    await stack.untilStatus('payment-service', 'ready');
    // A gRPC client that found a service away waits before it connects again.
    await untilComplete();
    await stack.kill('mobile-bff');
    const [rest, grpc] = await Promise.all([web('/v1/orders/ord_0001'), wearable('ord_0001')]);
    expect([rest.status, rest.json.meta.sources, grpc.status, grpc.message.unavailable]).toEqual([
      ...[200, []],
      ...['OK', []],
    ]);
    await expect(mobile(screen)).rejects.toThrow('fetch failed');
    await stack.untilStatus('mobile-bff', 'ready');
    expect((await mobile(screen)).json.data.order.status).toBe('CONFIRMED');
  }, 30_000);
});

describe('without the order service', () => {
  it('which hangs, each BFF gives its protocol’s error within its deadline', async () => {
    await stack.setFaults('order-service', { hang: true });
    const { rest, graphql, grpc } = await openScreens();
    expect([rest.status, rest.json.code]).toEqual([504, 'deadline_exceeded']);
    expect(rest.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect([graphql.json.data.order, graphql.json.errors[0].extensions.code]).toEqual([
      null,
      'DEADLINE_EXCEEDED',
    ]);
    expect(grpc.status).toBe('DEADLINE_EXCEEDED');
  });

  it('which is killed, each BFF gives its protocol’s error', async () => {
    await stack.kill('order-service');
    const { rest, graphql, grpc } = await openScreens();
    expect(rest.status).toBe(502);
    expect(rest.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(graphql.json.data.order).toBeNull();
    expect(graphql.json.errors[0].extensions.code).toMatch(/^(UPSTREAM_FAILED|UNAVAILABLE)$/);
    expect(grpc.status).toBe('UNAVAILABLE');
  });
});

describe('a launcher that is killed by force', () => {
  it('leaves no process behind', async () => {
    const pids = stack.state()!.processes.flatMap(({ pid }) => pid ?? []);
    expect(pids.length).toBeGreaterThan(0);
    await stack.end('SIGKILL');
    await until('all processes are gone', () => !pids.some(isAlive), 5_000);
  });
});
