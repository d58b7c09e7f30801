import type { Attack, Outcome } from '../attack.ts';
import { composeHttp, sendHttp, type HttpRequest } from '../wire/http-request.ts';
import { exchangeRaw } from '../wire/raw-http.ts';
import type { Target } from '../world/target.ts';

const servers = ['edge'];
const json = 'Content-Type: application/json';
const hidden = 'GET /v1/hidden HTTP/1.1\r\nHost: edge.example\r\n\r\n';
const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** Requests that are served, and what must be true of the one that comes out behind the edge. */
const passed: readonly [name: string, request: HttpRequest, isRight: (arrived: Arrived) => boolean][] = [
  [
    'an address of its own choice',
    { lines: ['X-Forwarded-For: 10.6.6.6', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.example'] },
    ({ values }) => isEdges(values('x-forwarded-for')) && values('x-forwarded-proto').join() === 'http',
  ],
  [
    'its address named by Connection',
    { lines: ['Connection: close, x-forwarded-for, x-forwarded-host, x-forwarded-proto'] },
    ({ values }) =>
      isEdges(values('x-forwarded-for')) && values('x-forwarded-host').join() === 'edge.example',
  ],
  [
    'Host named by Connection',
    { lines: ['Connection: close, host'] },
    ({ values }) => values('host').join() !== '' && values('x-forwarded-host').join() === 'edge.example',
  ],
  [
    'a length named by Connection',
    {
      method: 'POST',
      lines: [json, 'Connection: close, content-length', `Content-Length: ${hidden.length}`],
      body: hidden,
    },
    ({ body }) => body === hidden,
  ],
  [
    'chunks named by Connection',
    {
      method: 'POST',
      lines: [json, 'Connection: close, transfer-encoding', 'Transfer-Encoding: chunked'],
      body: chunksOf(hidden),
    },
    ({ body }) => body === hidden,
  ],
  ...['GET', 'DELETE', 'OPTIONS', 'PUT'].map((method): (typeof passed)[number] => [
    `a request in the body of a ${method}`,
    { method, lines: [json, `Content-Length: ${hidden.length}`], body: hidden },
    ({ body }) => body === hidden,
  ]),
  ...['GET', 'DELETE', 'OPTIONS'].map((method): (typeof passed)[number] => [
    `a request in chunks of a ${method}`,
    { method, lines: [json, 'Transfer-Encoding: chunked'], body: chunksOf(hidden) },
    ({ body }) => body === hidden,
  ]),
  [
    'the word that it is a retry',
    { lines: ['X-Request-Retried: 1'] },
    ({ values }) => values('x-request-retried').length === 0,
  ],
  [
    'a request id with a line end in its encoding',
    { lines: ['X-Request-Id: a%0d%0a\x85b'] },
    ({ values }) => /^[\w-]+$/.test(values('x-request-id').join()),
  ],
  [
    'a request id of 4 KB',
    { lines: [`X-Request-Id: ${'a'.repeat(4_096)}`] },
    ({ values }) => values('x-request-id').join().length < 200,
  ],
  [
    'a trace that is none',
    { lines: ['traceparent: 00-evil-evil-01', 'tracestate: evil=1'] },
    ({ values }) =>
      /^00-[\da-f]{32}-[\da-f]{16}-\d\d$/.test(values('traceparent').join()) &&
      values('tracestate').length === 0,
  ],
  [
    'a hop that is not its own',
    { lines: ['Keep-Alive: timeout=9999', 'Proxy-Connection: keep-alive', 'Proxy-Authenticate: Basic'] },
    ({ values }) => ['proxy-connection', 'proxy-authenticate'].every((name) => values(name).length === 0),
  ],
];

/** Requests that the edge refuses itself. */
const refused: readonly [name: string, request: HttpRequest, status: number][] = [
  ['two credentials', { lines: ['Authorization: Bearer evil'] }, 401],
  ['WebSocket and h2c', { lines: ['Connection: Upgrade', 'Upgrade: websocket, h2c'] }, 400],
  ['WebSocket, not named by Connection', { lines: ['Upgrade: websocket'] }, 400],
  ['a WebSocket to a path with dots', { target: '/x/../graphql', lines: handshake }, 400],
  ['a WebSocket with two hosts', { lines: [...handshake, 'Host: evil.example'] }, 400],
  ['a WebSocket in absolute form', { target: 'http://evil.example/graphql', lines: handshake }, 400],
];

export const edge: readonly Attack[] = [
  ...passed.map(([name, request, isRight]): Attack => ({
    name: `edge: ${name}`,
    status: 200,
    servers,
    reaches: 1,
    send: (target) => sendHttp(target, request),
    check: (_outcome, target) => {
      const arrived = lastOf(target);
      return arrived && isRight(arrived) ? undefined : `this came out behind: ${arrived?.text ?? 'nothing'}`;
    },
  })),
  ...refused.map(([name, request, status]): Attack => ({
    name: `edge: ${name}`,
    status,
    servers,
    send: (target) => sendHttp(target, request),
  })),
  {
    name: 'edge: a request behind a handshake that fails',
    status: 200,
    servers,
    reaches: 1,
    // A proxy that thinks it is a WebSocket by now would pass on whatever follows.
    send: async (target) => afterHandshake(target),
    check: ({ text }) => (text.split('HTTP/1.1 ').length > 2 ? 'the second was answered, too' : undefined),
  },
];

interface Arrived {
  readonly text: string;
  readonly body: string;
  values(name: string): string[];
}

async function afterHandshake(target: Target): Promise<Outcome> {
  const first = await composeHttp(target, { lines: handshake });
  return exchangeRaw(target.url, first + hidden, { untilClosed: true });
}

/** The last request that came through: of recorded HTTP, names and values line by line, then the body. */
function lastOf({ reached }: Target): Arrived | undefined {
  const last = reached.findLast(({ path }) => path !== '/readyz');
  if (!last) return undefined;
  const { headers = [], body = '', text } = last;
  return {
    text,
    body,
    values: (name) => headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name),
  };
}

function isEdges(addresses: readonly string[]): boolean {
  return addresses.join() === '127.0.0.1';
}

function chunksOf(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}
