import { orderOperations } from '@bff/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callUnary, get } from './testing/clients.ts';
import { createExpiredToken, createSignedToken } from './testing/expired-token.ts';
import { insideNames } from './testing/inside-names.ts';
import { readmeSamples, runSample } from './testing/readme-samples.ts';
import { isAlive, startStack, type RunningStack } from './testing/running-stack.ts';

let stack: RunningStack;
let alice: string;

beforeAll(async () => {
  // Long enough to see what is missing while a process is down.
  stack = await startStack(['--level', '1', '--restart-after', '2']);
  alice = await stack.token('alice', 'mobile');
}, 60_000);
afterAll(() => stack.remove());

const call = (path: string, token?: string) => get(`${stack.state()!.entries.gateway[0]!}${path}`, token);

const paths = {
  order: '/v1/orders/ord_0001',
  payment: '/v1/payments?orderIds=ord_0001',
  shipment: '/v1/shipments?orderIds=ord_0001',
};

/** Status per route, all asked at the same time. */
async function askAll() {
  const answers = await Promise.all(Object.values(paths).map((path) => call(path, alice)));
  for (const { text } of answers.filter(({ status }) => status >= 400)) expect(text).not.toMatch(insideNames);
  return answers.map(({ status }) => status);
}

describe('the order screen at level 1', () => {
  it('costs three round trips through one address', async () => {
    const order = await call(paths.order, alice);
    const payment = await call(paths.payment, alice);
    const shipment = await call(paths.shipment, alice);
    expect([
      order.json.order.orderId,
      payment.json.payments[0].orderId,
      shipment.json.shipments[0].orderId,
    ]).toEqual(Array(3).fill('ord_0001'));
    const bytes = { order: order.bytes, payment: payment.bytes, shipment: shipment.bytes };
    process.stdout.write(`bytes of the same screen in three answers: ${JSON.stringify(bytes)}\n`);
  });

  it('is what the commands of the start show', async () => {
    const commands = stack.output().split('Try:\n')[1]!.trim().split('\n');
    const answers = await Promise.all(commands.map((command) => stack.run(command)));
    expect(answers.map(({ status, stdout }) => [status, stdout.includes('ord_0001')])).toEqual(
      Array(3).fill([0, true]),
    );
  });
});

describe('who may not pass the gateway', () => {
  it.each([
    ['missing', async () => undefined],
    ['expired', () => createExpiredToken(stack, 'urn:bff:api-gateway')],
    ['for another audience', () => createSignedToken(stack, { audience: 'urn:bff:web-bff', expiresIn: 900 })],
  ])('gets 401 when the token is %s', async (_name, create: () => Promise<string | undefined>) => {
    const token = await create();
    for (const path of Object.values(paths)) {
      const answer = await call(path, token);
      expect([answer.status, answer.json.code]).toEqual([401, 'unauthenticated']);
      expect(answer.text).not.toMatch(insideNames);
    }
  });

  it('gets 404 for another user’s order', async () => {
    const answer = await call(paths.order, await stack.token('bob', 'web'));
    expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
    expect(answer.text).not.toMatch(insideNames);
  });

  it('gets nothing from a service directly, over HTTP or gRPC', async () => {
    for (const app of ['order-service', 'payment-service', 'shipping-service']) {
      const { url, grpc } = stack.process(app);
      const path = app === 'order-service' ? 'orders' : app === 'payment-service' ? 'payments' : 'shipments';
      expect((await get(`${url}/v1/${path}`)).status).toBe(401);
      expect((await get(`${url}/v1/${path}`, alice)).status).toBe(401);
      expect(grpc).toMatch(/:\d+$/);
    }
    const { rpcPath, request } = orderOperations.get;
    const bytes = request.encode({ orderId: 'ord_0001' });
    const answer = await callUnary({
      address: stack.process('order-service').grpc!,
      path: rpcPath,
      request: bytes,
    });
    expect(answer.status).toBe('UNAUTHENTICATED');
  });
});

describe('samples of the README', () => {
  it('are there for all three round trips', () => {
    expect(readmeSamples(1).length).toBeGreaterThanOrEqual(3);
  });

  it('answer as they are printed there', async () => {
    for (const sample of readmeSamples(1)) {
      const { printed, expected } = await runSample(sample, stack);
      expect(`line ${sample.line}: ${printed}`).toBe(`line ${sample.line}: ${expected}`);
    }
  }, 30_000);
});

describe('a second start', () => {
  it('says that a stack runs already and how to stop it', async () => {
    const { status, stderr } = await stack.run('node tools/stack/src/main.ts start --level 1');
    expect(status).toBe(1);
    expect(stderr).toBe(
      `A stack of this workspace is running already (process ${stack.launcher.pid!}); ` +
        `stop it with Ctrl-C in its terminal or \`kill ${stack.launcher.pid!}\`.\n`,
    );
  });

  it('in another folder names the ports that are taken', async () => {
    const { status, stderr } = await stack.run(
      `STACK_DIR=${stack.folder}/second node tools/stack/src/main.ts start --level 1 --port-base ${stack.portBase}`,
    );
    const [gateway, identity] = [stack.portBase + 80, stack.portBase + 90];
    expect([status, stderr]).toEqual([
      1,
      `Ports ${identity} (identity-provider), ${gateway} (api-gateway) on 127.0.0.1 are taken; stop the program ` +
        'that uses them (`ss -ltnp` names it) or choose others: npm start -- --port-base 9000\n',
    ]);
    expect(await askAll()).toEqual([200, 200, 200]);
  });
});

describe('one service killed', () => {
  it('takes its own route along, and comes back at the same address', async () => {
    const before = stack.process('payment-service');
    await stack.kill('payment-service');
    expect(await askAll()).toEqual([200, 502, 200]);
    expect(stack.output()).toMatch(
      /payment-service died \(SIGKILL\); it starts again in 2 s\. Last line of its log: /,
    );
    const after = await stack.untilStatus('payment-service', 'ready');
    expect(after.pid).not.toBe(before.pid);
    expect({ ...after, pid: 0 }).toEqual({ ...before, pid: 0 });
    expect(await askAll()).toEqual([200, 200, 200]);
    expect(stack.output()).toContain('payment-service is back.\n');
  }, 30_000);
});

describe('Ctrl-C', () => {
  it('ends every process within two seconds, in at most five lines, with status 0', async () => {
    const pids = stack.state()!.processes.map(({ pid }) => pid!);
    const printed = stack.output().length;
    const start = performance.now();
    expect(await stack.end('SIGINT')).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(stack.output().slice(printed)).toBe('All processes have stopped.\n');
    expect(stack.state()).toBeUndefined();
  });
});
