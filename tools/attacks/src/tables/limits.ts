import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Attack, Outcome } from '../attack.ts';
import { composeHttp, sendHttp, sendJson, type HttpRequest } from '../wire/http-request.ts';
import { exchangeRaw, readAnswer } from '../wire/raw-http.ts';
import type { Target } from '../world/target.ts';

/** As the attacked processes are configured. */
export const attackedLimits = { receiveTimeoutMs: 700, maxConnectionsPerAddress: 40 };

/** Where nothing takes a body, that is said without waiting for it. */
const late = ({ server }: Target) => withoutBodies[server] ?? 408;
const withoutBodies: Readonly<Record<string, number>> = { 'web-bff': 405, 'identity-provider': 404 };
const many = (count: number) => Array.from({ length: count }, (_, index) => `X-Filling-${index}: a`);
const large = 'a'.repeat(200_000);

export const limits: readonly Attack[] = [
  { name: 'limit: 120 headers', status: 431, send: (target) => sendHttp(target, { lines: many(120) }) },
  { name: 'limit: 2500 headers', status: 431, send: (target) => sendHttp(target, { lines: many(2_500) }) },
  {
    name: 'limit: a header of 20 KB',
    status: 431,
    send: (target) => sendHttp(target, { lines: [`X-A: ${'a'.repeat(20_000)}`] }),
  },
  {
    name: 'limit: a header of 100 KB',
    status: 431,
    send: (target) => sendHttp(target, { lines: [`X-A: ${'a'.repeat(100_000)}`] }),
  },
  {
    name: 'limit: a name of 20 KB',
    status: 431,
    send: (target) => sendHttp(target, { lines: [`${'a'.repeat(20_000)}: a`] }),
  },
  {
    name: 'limit: a URI of 9 KB',
    status: 414,
    send: (target) =>
      sendHttp(target, {
        target: `${target.path}${target.path.includes('?') ? '&' : '?'}x=${'a'.repeat(9_000)}`,
      }),
  },
  {
    name: 'limit: a body of 200 KB',
    status: 413,
    send: (target) => sendJson(target, bodyPath(target), `"${large}"`),
  },
  {
    name: 'limit: a chunked body of 200 KB',
    status: ({ server }: Target) => withoutBodies[server] ?? 413,
    send: sendChunked,
  },
  {
    name: 'limit: a body announced as 1 GB',
    status: 413,
    send: (target) => sendHttp(target, announcing(target, 2 ** 30)),
  },
  {
    name: 'limit: headers that never end',
    status: 408,
    isSlow: true,
    send: (target) => exchangeRaw(target.url, `GET ${target.path} HTTP/1.1\r\nHost: edge.example\r\nX-A`),
  },
  {
    name: 'limit: a silent connection',
    status: 408,
    isSlow: true,
    send: (target) => exchangeRaw(target.url, ''),
  },
  {
    name: 'limit: headers by the drop',
    status: 408,
    isSlow: true,
    send: (target) => drip(target, `GET ${target.path} HTTP/1.1\r\nHost: edge.example\r\nX-A: `),
  },
  {
    name: 'limit: a body that never comes',
    status: late,
    isSlow: true,
    reaches: 1,
    send: (target) => sendHttp(target, announcing(target, 20)),
  },
  {
    name: 'limit: a body by the drop',
    status: late,
    isSlow: true,
    reaches: 1,
    send: async (target) => drip(target, await composeHttp(target, announcing(target, 9_000))),
  },
  {
    name: 'limit: more connections than one address may have',
    status: 0,
    isSlow: true,
    send: floodConnections,
  },
];

/** A POST whose body has this length, and has not begun. */
function announcing(target: Target, length: number): HttpRequest {
  const lines = ['Content-Type: application/json', `Content-Length: ${length}`];
  return { method: 'POST', target: bodyPath(target), lines };
}

/** Where a POST with a body is read. */
function bodyPath({ path }: Target): string {
  return path.split('?')[0] ?? path;
}

async function sendChunked(target: Target): Promise<Outcome> {
  const chunk = `2000\r\n${'a'.repeat(0x2000)}\r\n`;
  return sendHttp(target, {
    method: 'POST',
    target: bodyPath(target),
    lines: ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
    body: `1\r\n"\r\n${chunk.repeat(25)}`,
  });
}

/** A byte every now and then, for as long as the server listens. */
async function drip(target: Target, start: string): Promise<Outcome> {
  const { hostname, port } = new URL(target.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
  socket.write(start);
  const dripping = setInterval(() => socket.write('a'), 50);
  // Far longer than the server's own limit.
  const patience = setTimeout(() => socket.destroy(), 4_000);
  await once(socket, 'close');
  clearTimeout(patience);
  clearInterval(dripping);
  return readAnswer(Buffer.concat(chunks).toString('latin1'), true);
}

/** Opens connections until the server refuses one; resolves with what the first refused one got. */
async function floodConnections(target: Target): Promise<Outcome> {
  const { hostname, port } = new URL(target.url);
  const sockets: Socket[] = [];
  try {
    for (let count = 0; count < attackedLimits.maxConnectionsPerAddress + 5; count++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      sockets.push(socket);
      await once(socket, 'connect').catch(() => undefined);
    }
    const ended = await exchangeRaw(target.url, await composeHttp(target, {}));
    return ended;
  } finally {
    const open = sockets.filter(({ destroyed }) => !destroyed);
    await Promise.all(open.map((socket) => once(socket.destroy(), 'close')));
    await untilLetIn(target);
  }
}

/** The server learns of the ends of connections one by one; until then they count. */
async function untilLetIn(target: Target): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { status } = await sendHttp(target, { target: '/nothing-there' });
    if (status !== 0) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
