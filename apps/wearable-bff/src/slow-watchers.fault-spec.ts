import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wearableOperations } from './handlers/wearable-operations.ts';
import { environmentOf, startSurroundings, type Surroundings } from './testing/test-app.ts';
import { asSupport } from './testing/test-services.ts';
import { until } from './testing/until.ts';

const { watchOrder } = wearableOperations;
const watchers = 1_000;
const connections = 10;
const seconds = 20;
// As many changes as five a second make in a minute: it is by changes that a heap grows whose readers do not read.
const changesPerSecond = 15;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
}

/** Garbage stays on the heap of a process that has nothing to do. */
const collectWhenTold = "data:text/javascript,process.on('SIGUSR2', () => globalThis.gc())";

/** The BFF as a process of its own: what is measured is its heap and nobody else's. */
async function startProcess(surroundings: Surroundings): Promise<Running> {
  const many = '100000';
  const limits = {
    WATCH_MAX_STREAMS: many,
    WATCH_MAX_STREAMS_PER_USER: many,
    RATE_LIMIT_PER_MINUTE: many,
    RATE_LIMIT_PER_CLIENT_PER_MINUTE: many,
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: many,
  };
  const own = { ADMIN_PORT: '0', LOG_LEVEL: 'error', ...limits };
  const environment = environmentOf({ protocol: 'grpc', environment: own }, surroundings);
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    env: { PATH: process.env['PATH'], ...environment },
    execArgv: ['--expose-gc', '--import', collectWhenTold],
  });
  const [ready] = (await once(child, 'message')) as [{ listeners: Record<string, string> }];
  return { child, url: ready.listeners['grpc'] ?? '', adminUrl: ready.listeners['admin'] ?? '' };
}

/** Bytes in use, without garbage. */
async function heapOf({ child, adminUrl }: Running): Promise<number> {
  child.kill('SIGUSR2');
  // The collection stops the process, so what is asked after it is answered after it.
  await wait(200);
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes\S* (\S+)$/m.exec(text)?.[1]);
}

/** A watch that reads its first glance and then nothing more; its window is so small that the server has to wait. */
function openWatch(
  session: ClientHttp2Session,
  authorization: string,
): { stream: ClientHttp2Stream; isOpen: () => boolean } {
  const stream = session.request({
    ':method': 'POST',
    ':path': watchOrder.rpcPath,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization,
  });
  const message = watchOrder.request.encode({ orderId: 'ord_0001', afterRevision: '', view: 0 });
  const prefix = Buffer.from([0, 0, 0, 0, message.length]);
  stream.end(Buffer.concat([prefix, message]));
  let opened = false;
  stream.once('data', () => {
    opened = true;
    stream.pause();
  });
  stream.on('error', () => undefined);
  // Without a listener for its head, Node throws the answer away.
  stream.on('response', () => undefined);
  return { stream, isOpen: () => opened && !stream.destroyed };
}

describe('A10: a thousand watches that stop reading', () => {
  let surroundings: Surroundings;
  let bff: Running;
  let sessions: ClientHttp2Session[] = [];
  beforeAll(async () => {
    surroundings = await startSurroundings();
    bff = await startProcess(surroundings);
    const origin = bff.url.replace('grpc:', 'http:');
    sessions = Array.from({ length: connections }, () =>
      connect(origin, { settings: { initialWindowSize: 512 } }),
    );
  }, 60_000);
  afterAll(async () => {
    for (const session of sessions) session.destroy();
    bff.child.kill('SIGTERM');
    await once(bff.child, 'close');
    await surroundings.close();
  }, 30_000);

  it('let the heap grow by at most 50 MB with the changes of a minute, through one stream to each service', async () => {
    const authorization = `Bearer ${await surroundings.issuer.token()}`;
    const open: ReturnType<typeof openWatch>[] = [];
    for (const session of sessions) {
      const batch = Array.from({ length: watchers / connections }, () => openWatch(session, authorization));
      await until(() => batch.every(({ isOpen }) => isOpen()), 20_000);
      open.push(...batch);
    }
    const info = async () =>
      ((await (await fetch(`${bff.adminUrl}/info`)).json()) as { live: Record<string, number> }).live;
    expect(await info()).toEqual({ orders: 1, watchers, streams: 3, watches: watchers });
    const before = await heapOf(bff);
    const { port } = surroundings.services.shipments;
    for (let change = 0; change < seconds * changesPerSecond; change++) {
      const status = change % 2 ? 'in_transit' : 'out_for_delivery';
      await port.advance({ shipmentId: 'shp_0001', status, place: 'here' }, asSupport());
      await wait(1_000 / changesPerSecond);
    }
    const grown = ((await heapOf(bff)) - before) / 1024 / 1024;
    process.stdout.write(
      `A10: ${watchers} slow watches, ${seconds * changesPerSecond} changes in ${seconds} s: heap ${(before / 1024 / 1024).toFixed(1)} MB, ${grown.toFixed(1)} MB more\n`,
    );
    expect(open.filter(({ isOpen }) => isOpen())).toHaveLength(watchers);
    expect(await info()).toEqual({ orders: 1, watchers, streams: 3, watches: watchers });
    expect(grown).toBeLessThanOrEqual(50);
    for (const session of sessions) session.destroy();
    while (Object.values(await info()).some((left) => left > 0)) await wait(50);
  }, 120_000);
});
