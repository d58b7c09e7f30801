import type { Attack } from '../attack.ts';
import { sendHttp, type HttpRequest } from '../wire/http-request.ts';
import { exchangeRaw } from '../wire/raw-http.ts';

const chunked = 'Transfer-Encoding: chunked';
const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nHost: edge.example\r\n\r\n';

/** The identity provider has nothing there that reads a body, and says so before it comes. */
const behindTheHead: Attack['status'] = ({ server }) => (server === 'identity-provider' ? 404 : 400);

/** Requests whose end, or whose head, two servers could see in different places. */
const rows: readonly [name: string, request: HttpRequest, status?: Attack['status']][] = [
  ['Content-Length and Transfer-Encoding', post([`Content-Length: 5`, chunked], `0\r\n\r\n${smuggled}`)],
  ['Transfer-Encoding and Content-Length', post([chunked, 'Content-Length: 5'], `0\r\n\r\n${smuggled}`)],
  ['two lengths', post(['Content-Length: 0', `Content-Length: ${smuggled.length}`], smuggled)],
  ['the same length twice', post(['Content-Length: 2', 'Content-Length: 2'], '{}')],
  ['a list of lengths', post(['Content-Length: 2, 2'], '{}')],
  ['a length with a plus', post(['Content-Length: +2'], '{}')],
  ['a negative length', post(['Content-Length: -2'], '{}')],
  ['a hexadecimal length', post(['Content-Length: 0x2'], '{}')],
  ['an empty length', post(['Content-Length: '], '{}')],
  ['a length beyond 64 bits', post(['Content-Length: 99999999999999999999999'], '{}')],
  ['a length with a space inside', post(['Content-Length: 1 2'], '{}')],
  ['Transfer-Encoding on HTTP/1.0', { ...post([chunked], `0\r\n\r\n`), version: 'HTTP/1.0' }],
  ['gzip before chunked', post(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n')],
  ['gzip after chunked', post(['Transfer-Encoding: chunked, gzip'], '0\r\n\r\n')],
  ['chunked twice', post([chunked, chunked], '0\r\n\r\n')],
  ['identity', post(['Transfer-Encoding: identity'], '')],
  ['xchunked', post(['Transfer-Encoding: xchunked'], '0\r\n\r\n')],
  ['a vertical tab before chunked', post(['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n')],
  ['a quoted chunked', post(['Transfer-Encoding: "chunked"'], '0\r\n\r\n')],
  ['a space before the colon', post(['Transfer-Encoding : chunked'], '0\r\n\r\n')],
  ['a tab in the name', post(['Transfer-Encoding\t: chunked'], '0\r\n\r\n')],
  ['a folded header', { lines: ['X-A: a', ' X-User-Id: mallory'] }],
  ['a folded Transfer-Encoding', post(['Transfer-Encoding:', ' chunked'], '0\r\n\r\n')],
  ['a bare line feed in a header', { lines: ['X-A: a\nX-User-Id: mallory'] }],
  ['a bare carriage return in a header', { lines: ['X-A: a\rX-User-Id: mallory'] }],
  ['a NUL in a header', { lines: ['X-A: a\0b'] }],
  ['a NUL in a name', { lines: ['X\0A: a'] }],
  ['a header without a colon', { lines: ['X-A'] }],
  ['a header without a name', { lines: [': a'] }],
  ['a space in a name', { lines: ['X A: a'] }],
  ['two hosts', { lines: ['Host: evil.example'] }],
  ['a user in the host', { host: 'edge.example@evil.example' }],
  ['a path in the host', { host: 'edge.example/evil' }],
  ['a space in the host', { host: 'edge.example evil.example' }],
  ['an empty host', { host: '' }],
  ['a port that is none', { host: 'edge.example:80x' }],
  ['a list of hosts', { host: 'edge.example, evil.example' }],
  ['a chunk size beyond 64 bits', post([chunked], 'fffffffffffffffff\r\na\r\n0\r\n\r\n')],
  ['a negative chunk size', post([chunked], '-1\r\na\r\n0\r\n\r\n')],
  ['a chunk size with 0x', post([chunked], '0x1\r\na\r\n0\r\n\r\n')],
  ['a chunk longer than it says', post([chunked], '1\r\nab\r\n0\r\n\r\n'), behindTheHead],
  ['chunks that end in line feeds', post([chunked], '1\na\n0\n\n')],
  ['an extension of a chunk with a line feed', post([chunked], `1;a\n\r\na\r\n0\r\n\r\n`)],
  ['HTTP/1.2', { version: 'HTTP/1.2' }],
  ['HTTP/3.0', { version: 'HTTP/3.0' }],
  ['no version that exists', { version: 'HTTP/1.1evil' }],
  ['a method in lower case', { method: 'get' }],
  ['a method that nobody knows', { method: 'SMUGGLED' }],
  ['TRACE', { method: 'TRACE' }, 405],
  [
    'another protocol: h2c',
    { lines: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'] },
  ],
  [
    'another protocol: h2c, settings alone',
    { lines: ['Connection: HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAAP__'] },
  ],
  ['another protocol: TLS', { lines: ['Connection: Upgrade', 'Upgrade: TLS/1.2'] }],
  ['an expectation that nobody meets', post(['Content-Length: 2', 'Expect: 200-anything'], '{}'), 417],
];

/** Bytes that are not even a request. */
const rawRows: readonly [name: string, bytes: string, status?: number][] = [
  ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS on a plain port', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
  ['HTTP/0.9', 'GET /v1/orders\r\n\r\n'],
  ['line feeds alone', 'GET /v1/orders HTTP/1.1\nHost: edge.example\n\n'],
  ['a header before the request', ' GET /v1/orders HTTP/1.1\r\nHost: edge.example\r\n\r\n'],
  ['no host', 'GET /v1/orders HTTP/1.1\r\n\r\n'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 405],
];

function post(lines: readonly string[], body: string): HttpRequest {
  return { method: 'POST', lines: ['Content-Type: application/json', ...lines], body };
}

export const framing: readonly Attack[] = [
  ...rows.map(([name, request, status = 400]): Attack => ({
    name: `framing: ${name}`,
    status,
    send: (target) => sendHttp(target, request),
  })),
  ...rawRows.map(([name, bytes, status = 400]): Attack => ({
    name: `framing: ${name}`,
    status,
    send: (target) => exchangeRaw(target.url, bytes),
  })),
];
