import type { Attack, Outcome } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';
import { asForm, basic, obtain, postForm, rightTokenForm, type OidcClient } from '../wire/oidc-requests.ts';
import type { Target } from '../world/target.ts';

const token = '/token';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Form = Record<string, string>;
type Row = readonly [
  name: string,
  send: (target: Target) => Promise<Outcome>,
  error: string,
  status?: number,
];

/** Who the client is. */
const clients: readonly Row[] = [
  ['a client that nobody has', post({ client_id: 'evil' }), 'invalid_client', 401],
  ['no client', post({ client_id: '' }), 'invalid_request', 400],
  ['a client without its secret', post({ client_id: 'web' }), 'invalid_client', 401],
  ['a wrong secret', post({}, [asForm, basic('wrong')]), 'invalid_client', 401],
  ['an empty secret', post({}, [asForm, basic('')]), 'invalid_request', 400],
  ['a secret in the form', post({ client_id: 'web', client_secret: 'evil' }), 'invalid_client', 401],
  ['Basic that is none', post({}, [asForm, 'Authorization: Basic %%%']), 'invalid_request', 400],
  ['two ways to say who it is', post({ client_id: 'mobile' }, [asForm, basic()]), 'invalid_request', 400],
  ['an assertion with the algorithm none', assertion({ alg: 'none' }), 'invalid_client', 401],
  ['an assertion signed with nothing', assertion({ alg: 'HS256' }), 'invalid_client', 401],
  [
    'an assertion with its key inside',
    assertion({ alg: 'ES256', jwk: { kty: 'EC' } }),
    'invalid_client',
    401,
  ],
];

/** What is asked, and in which form. */
const requests: readonly Row[] = [
  [
    'JSON',
    (target) => postForm(target, token, '{"grant_type":"refresh_token"}', ['Content-Type: application/json']),
    'invalid_request',
  ],
  [
    'text',
    (target) => postForm(target, token, 'grant_type=refresh_token', ['Content-Type: text/plain']),
    'invalid_request',
  ],
  [
    'no type of content',
    (target) => postForm(target, token, 'grant_type=refresh_token', []),
    'invalid_request',
  ],
  [
    'multipart',
    (target) => postForm(target, token, '--x--', ['Content-Type: multipart/form-data; boundary=x']),
    'invalid_request',
  ],
  [
    'a grant type given twice',
    (target) => postForm(target, token, 'grant_type=refresh_token&grant_type=x&client_id=mobile'),
    'invalid_request',
  ],
  ['no grant type', post({ client_id: 'mobile', grant_type: '' }), 'invalid_request'],
  ['a grant that nobody gives', post({ client_id: 'mobile', grant_type: 'evil' }), 'unsupported_grant_type'],
  [
    'a password',
    post({ client_id: 'mobile', grant_type: 'password', username: 'alice', password: 'password' }),
    'unsupported_grant_type',
  ],
  [
    'a client’s own grant',
    post({ client_id: 'mobile', grant_type: 'client_credentials' }),
    'unsupported_grant_type',
  ],
  [
    'an exchange of tokens',
    post({ client_id: 'mobile', grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }),
    'unsupported_grant_type',
  ],
  [
    'a grant that this client may not use',
    post({ client_id: 'mobile', grant_type: deviceGrant, device_code: 'x' }),
    'invalid_request',
  ],
  [
    'GET',
    (target) => sendHttp(target, { target: `${token}?grant_type=refresh_token`, authorization: null }),
    'none',
    404,
  ],
];

/** A right request for a token, changed. */
const codes: readonly Row[] = [
  ['a code of nobody', redeem('mobile', { code: 'evil' }), 'invalid_grant'],
  ['another verifier', redeem('mobile', { code_verifier: 'a'.repeat(43) }), 'invalid_grant'],
  ['no verifier', redeem('mobile', { code_verifier: undefined }), 'invalid_grant'],
  ['another redirect address', redeem('mobile', { redirect_uri: 'https://evil.example/' }), 'invalid_grant'],
  ['no redirect address', redeem('mobile', { redirect_uri: undefined }), 'invalid_request'],
  ['a code of another client', redeem('web', { client_id: 'mobile' }), 'invalid_grant'],
  ['a code for another resource', redeem('mobile', { resource: 'urn:bff:web-bff' }), 'invalid_target'],
  ['a code in pieces', redeem('mobile', { code: 'a.b.c' }), 'invalid_grant'],
  ['a device code of nobody', redeem('wearable', { device_code: 'evil' }), 'invalid_grant'],
  ['a device code of another client', redeem('wearable', { client_id: 'mobile' }), 'invalid_request'],
];

const refreshes: readonly Row[] = [
  ['a refresh token of nobody', refresh({ refresh_token: 'evil' }), 'invalid_grant'],
  ['a refresh token of another client', refresh({ client_id: 'wearable' }), 'invalid_grant'],
  ['a refresh for more than was granted', refresh({ scope: 'openid admin' }), 'invalid_scope'],
  ['a refresh for another resource', refresh({ resource: 'urn:bff:web-bff' }), 'invalid_target'],
];

export const tokenEndpoint: readonly Attack[] = [...clients, ...requests, ...codes, ...refreshes].map(
  ([name, send, error, status = 400]): Attack => ({
    name: `token: ${name}`,
    status,
    send,
    check: ({ body }) => (errorOf(body) === error ? undefined : `the error is ${errorOf(body)}`),
  }),
);

function errorOf(body: string): string {
  try {
    const { error = 'none', access_token } = JSON.parse(body) as { error?: string; access_token?: string };
    return access_token === undefined ? error : 'none, and a token is there';
  } catch {
    return 'no JSON';
  }
}

/** A form whose fields are right but for these; an empty one is left out. */
function post(form: Form, lines?: readonly string[]) {
  const fields = { grant_type: 'refresh_token', refresh_token: 'x', ...form };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  return (target: Target) => postForm(target, token, given, lines);
}

function assertion(header: object) {
  return (target: Target) => {
    const claims = {
      iss: 'web',
      sub: 'web',
      aud: target.url,
      jti: 'x',
      exp: Math.ceil(Date.now() / 1_000) + 60,
    };
    const jwt = `${part(header)}.${part(claims)}.${'alg' in header && header.alg === 'none' ? '' : part({})}`;
    return post({ client_id: 'web', client_assertion_type: assertionType, client_assertion: jwt })(target);
  };
}

function redeem(client: OidcClient, changes: Readonly<Record<string, string | undefined>>) {
  return async (target: Target) => {
    const form = { ...(await rightTokenForm(target, client)), ...changes };
    const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return postForm(target, token, Object.fromEntries(given));
  };
}

function refresh(changes: Form) {
  return async (target: Target) => {
    const { refreshToken = '' } = await obtain(target, 'mobile');
    return post({ client_id: 'mobile', refresh_token: refreshToken, ...changes })(target);
  };
}
