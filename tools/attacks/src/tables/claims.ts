import type { Attack } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';
import { faultOfOwner } from './service-samples.ts';

/** Headers by which a client says who he is or where he comes from. They are served as if they were not there. */
const rows: readonly [name: string, lines: readonly string[]][] = [
  ['X-User-Id', ['X-User-Id: mallory']],
  ['X_User_Id', ['X_User_Id: mallory']],
  ['X-Roles', ['X-Roles: mallory, support']],
  ['X-Forwarded-User', ['X-Forwarded-User: mallory']],
  ['X-Authenticated-User', ['X-Authenticated-User: mallory']],
  ['X-Internal-Token', ['X-Internal-Token: mallory']],
  ['Forwarded', ['Forwarded: for=evil.example;host=evil.example;proto=https']],
  ['X-Forwarded-For', ['X-Forwarded-For: 10.0.0.1, evil']],
  ['X-Forwarded-Host', ['X-Forwarded-Host: evil.example']],
  ['X-Real-IP', ['X-Real-IP: evil']],
  ['X-Original-URL', ['X-Original-URL: /v1/evil']],
  ['X-Rewrite-URL', ['X-Rewrite-URL: /v1/evil']],
  ['X-HTTP-Method-Override', ['X-HTTP-Method-Override: EVIL']],
  ['Proxy-Authorization', ['Proxy-Authorization: Basic bWFsbG9yeTo= mallory']],
  ['Via', ['Via: 1.1 evil.example']],
  ['headers that Connection names', ['Connection: close, x-evil', 'X-Evil: mallory']],
  ['TE and Trailer', ['TE: trailers, evil', 'Trailer: X-Evil']],
  ['a cookie', ['Cookie: session=mallory']],
];

export const claims: readonly Attack[] = [
  ...rows.map(([name, lines]): Attack => ({
    name: `claim: ${name}`,
    status: 200,
    reaches: 1,
    // Cookies are credentials, which the edge passes on as they are.
    ...(name === 'a cookie' && { notOn: ['edge'] }),
    send: (target) => sendHttp(target, { lines }),
    check: faultOfOwner,
  })),
  {
    name: 'claim: a user, and no token',
    status: 401,
    notOn: ['edge'],
    send: (target) =>
      sendHttp(target, { authorization: null, lines: ['X-User-Id: alice', 'X-Forwarded-User: alice'] }),
  },
  {
    name: 'claim: an origin that is not listed',
    status: 200,
    reaches: 1,
    send: (target) => sendHttp(target, { lines: ['Origin: https://other.example'] }),
    check: ({ headers }) =>
      headers['access-control-allow-origin'] === undefined ? undefined : 'the page may read the answer',
  },
  {
    name: 'claim: headers that keep a browser safe',
    status: 200,
    reaches: 1,
    send: (target) => sendHttp(target, {}),
    check: ({ headers }) =>
      headers['x-content-type-options'] === 'nosniff' && headers['x-powered-by'] === undefined
        ? undefined
        : 'helmet is missing',
  },
];
