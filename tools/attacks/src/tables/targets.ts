import type { Attack } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';

/** Request targets that another server could read as another path, and what is not there. */
const rows: readonly [name: string, target: string, status?: number][] = [
  ['a dot segment', '/v1/orders/../admin'],
  ['a dot segment at the end', '/v1/orders/..'],
  ['a single dot', '/v1/./orders'],
  ['an encoded slash behind dots', '/v1/orders/..%2fadmin'],
  ['encoded dots', '/v1/orders/%2e%2e/admin'],
  ['half encoded dots', '/v1/orders/.%2E/admin'],
  ['a double encoding', '/v1/orders/%252e%252e/admin'],
  ['an encoded slash', '/v1/orders/ord_0001%2Fevil'],
  ['a backslash', '/v1/orders/..\\admin'],
  ['an encoded backslash', '/v1/orders/..%5cadmin'],
  ['an encoded NUL', '/v1/orders/ord_0001%00.json'],
  ['an encoded line end', '/v1/orders/a%0d%0aX-User-Id:%20mallory'],
  ['an encoded DEL', '/v1/orders/a%7f'],
  ['a broken escape', '/v1/orders/%zz'],
  ['half an escape', '/v1/orders/a%'],
  ['a broken escape in the query', '/v1/orders?pageSize=%zz'],
  ['an overlong encoding', '/v1/orders/%c0%ae%c0%ae/admin'],
  ['an empty segment', '/v1//orders'],
  ['two slashes first', '//v1/orders'],
  ['another authority', '//evil.example/v1/orders'],
  ['absolute form', 'http://evil.example/v1/orders'],
  ['absolute form with its own host', 'http://edge.example/v1/orders'],
  ['another scheme', 'file:///etc/passwd'],
  ['a fragment', '/v1/orders#evil'],
  ['a pipe', '/v1/orders/a|b'],
  ['angle brackets', '/v1/orders/<script>'],
  ['a raw byte', '/v1/orders/\xe9'],
  ['an asterisk', '*'],
  ['authority form', 'evil.example:80'],
  ['other letters', '/V1/ORDERS', 404],
  ['an encoded letter', '/v1/%6Frders', 404],
  ['a path parameter', '/v1/orders;admin=true', 404],
  ['the admin listener’s paths', '/metrics', 404],
  ['liveness', '/livez', 404],
  ['information', '/info', 404],
  ['faults', '/faults', 404],
  ['a file', '/package.json', 404],
  ['a hidden file', '/.env', 404],
];

export const targets: readonly Attack[] = rows.map(([name, path, status = 400]): Attack => ({
  name: `target: ${name}`,
  status,
  // What is there is for the BFF to say.
  ...(status === 404 && { notOn: ['edge'] }),
  send: (target) => sendHttp(target, { target: path }),
}));
