import { createTestIssuer } from '@bff/auth/testing';
import type { Attack, Outcome } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';

const callback = 'com.example.shop:/callback';
const right = {
  client_id: 'mobile',
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid',
  state: 's',
  resource: 'urn:bff:mobile-bff',
  code_challenge: 'a'.repeat(43),
  code_challenge_method: 'S256',
};
type Changes = Partial<
  Record<
    | keyof typeof right
    | 'prompt'
    | 'request'
    | 'request_uri'
    | 'response_mode'
    | 'id_token_hint'
    | 'max_age'
    | 'registration',
    string | null
  >
>;

const evil = 'https://evil.example/callback';
const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(
  JSON.stringify({ ...right, redirect_uri: evil }),
).toString('base64url')}.`;

/** Not sent on to anywhere: whoever sent the browser here may be an attacker. */
const pages: readonly [name: string, changes: Changes][] = [
  ['another redirect address', { redirect_uri: evil }],
  ['a redirect address that goes on', { redirect_uri: `${callback}/evil` }],
  ['a redirect address with a query', { redirect_uri: `${callback}?evil=1` }],
  ['a redirect address with a fragment', { redirect_uri: `${callback}#evil` }],
  ['a redirect address in other letters', { redirect_uri: 'com.example.shop:/CALLBACK' }],
  ['a redirect address with dots', { redirect_uri: 'com.example.shop:/x/../callback' }],
  ['a redirect address of another client', { redirect_uri: 'http://127.0.0.1:8081/auth/callback' }],
  [
    'a redirect address with a user',
    { client_id: 'web', redirect_uri: 'http://127.0.0.1:8081@evil.example/auth/callback' },
  ],
  [
    'a redirect address on another port',
    { client_id: 'web', redirect_uri: 'http://127.0.0.1:8082/auth/callback' },
  ],
  ['a redirect to a script', { redirect_uri: 'javascript:alert(1)' }],
  ['a redirect to data', { redirect_uri: 'data:text/html,evil' }],
  ['a redirect address that is none', { redirect_uri: '//evil.example' }],
  ['a client that nobody has', { client_id: 'evil' }],
  ['a script as the client', { client_id: '<script>alert(1)</script>' }],
  ['no client', { client_id: null }],
  ['a client that may not use codes', { client_id: 'wearable', redirect_uri: evil }],
];

/** Sent back to the client, with an error instead of a code. */
const errors: readonly [name: string, changes: Changes, error: RegExp][] = [
  ['no code challenge', { code_challenge: null, code_challenge_method: null }, /invalid_request/],
  ['a plain code challenge', { code_challenge_method: 'plain' }, /invalid_request/],
  ['a challenge whose method is not said', { code_challenge_method: null }, /invalid_request/],
  ['a short code challenge', { code_challenge: 'a' }, /invalid_request/],
  ['a token instead of a code', { response_type: 'token' }, /unsupported_response_type/],
  ['an ID token instead of a code', { response_type: 'id_token' }, /unsupported_response_type/],
  ['a code and a token', { response_type: 'code id_token token' }, /unsupported_response_type/],
  ['an answer to a window', { response_mode: 'web_message' }, /unsupported_response_mode|invalid_request/],
  ['a resource of another client', { resource: 'urn:bff:web-bff' }, /invalid_target/],
  ['a service as the resource', { resource: 'urn:bff:order-service' }, /invalid_target/],
  ['a resource that is none', { resource: 'evil' }, /invalid_target/],
  ['no question, and nobody signed in', { prompt: 'none' }, /login_required/],
  ['a request object without signature', { request: unsigned }, /request_not_supported/],
  ['a request object from elsewhere', { request_uri: 'https://evil.example/r' }, /request_uri_not_supported/],
  [
    'a client made up on the way',
    { registration: '{"redirect_uris":["https://evil.example"]}' },
    /registration_not_supported/,
  ],
  ['an age that is none', { max_age: '-1' }, /invalid_request/],
];

export const authorisationEndpoint: readonly Attack[] = [
  ...pages.map(([name, changes]): Attack => ({
    name: `authorisation: ${name}`,
    status: 400,
    send: (target) => sendHttp(target, request(queryOf(changes))),
    check: ({ headers, body }) =>
      headers['location'] === undefined && !body.includes('<script')
        ? undefined
        : 'the browser is sent on, or shown a script',
  })),
  ...errors.map(([name, changes, error]): Attack => ({
    name: `authorisation: ${name}`,
    status: 303,
    send: (target) => sendHttp(target, request(queryOf(changes))),
    check: (outcome) => faultOfReturn(outcome, error),
  })),
  {
    name: 'authorisation: a parameter given twice',
    status: 400,
    send: (target) => sendHttp(target, request(`${queryOf({})}&client_id=web`)),
  },
  {
    name: 'authorisation: a forged hint of who it is',
    status: 303,
    async send(target) {
      const hint = await createTestIssuer({ issuer: target.url }).token({ typ: 'JWT', audience: 'mobile' });
      return sendHttp(target, request(queryOf({ prompt: 'none', id_token_hint: hint })));
    },
    check: (outcome) => faultOfReturn(outcome, /invalid_request/),
  },
  ...(
    [
      ['a sign-in that nobody began', 'GET', '/interaction/evil', 400],
      ['a sign-in that nobody began, with a password', 'POST', '/interaction/evil', 400],
      ['a sign-in with a path in its name', 'GET', '/interaction/evil/abort', 404],
      [
        'a sign-out to elsewhere',
        'GET',
        '/session/end?client_id=web&post_logout_redirect_uri=https://evil.example/',
        400,
      ],
      ['registration', 'POST', '/reg', 404],
      ['a pushed request of nobody', 'POST', '/request', 400],
      ['introspection', 'POST', '/token/introspection', 404],
    ] as const
  ).map(([name, method, path, status]): Attack => ({
    name: `authorisation: ${name}`,
    status,
    send: (target) => sendHttp(target, { ...request(''), method, target: path }),
  })),
];

function queryOf(changes: Changes): string {
  const given = Object.entries({ ...right, ...changes }).filter(([, value]) => value !== null);
  return String(new URLSearchParams(given as [string, string][]));
}

/** As a browser asks. */
function request(query: string) {
  return { target: `/auth?${query}`, authorization: null, lines: ['Accept: text/html'] };
}

function faultOfReturn({ headers }: Outcome, error: RegExp): string | undefined {
  const location = String(headers['location']);
  const isBack = location.startsWith(`${callback}?`) || location.startsWith(`${callback}#`);
  const answer = new URLSearchParams(location.split(/[?#]/)[1]);
  if (!isBack || answer.has('code')) return `the browser is sent to ${location}`;
  return error.test(answer.get('error') ?? '') ? undefined : `the error is ${answer.get('error') ?? 'none'}`;
}
