import type { Attack } from '../attack.ts';
import {
  askWith,
  mustLive,
  outcomeOf,
  sameOrigin,
  session,
  staysSignedIn,
  site,
  siteOf,
} from '../wire/sign-in-requests.ts';

/** The `Cookie` header that an attacker makes of a right one, and of another user's. */
const cookies: readonly [name: string, make: (right: string, other: string) => string][] = [
  ['one bit of its id changed', (right) => `${session}=${flip(right, 3)}`],
  ['one bit of its key changed', (right) => `${session}=${flip(right, 70)}`],
  ['the key of another session', (right, other) => `${session}=${right.slice(0, 33)}${other.slice(33)}`],
  ['no key', (right) => `${session}=${right.slice(0, 32)}`],
  ['a key cut short', (right) => `${session}=${right.slice(0, -1)}`],
  ['something behind the key', (right) => `${session}=${right}00`],
  ['another way of writing it', (right) => `${session}=${right.toUpperCase()}`],
  ['quotes around it', (right) => `${session}="${right}"`],
  ['its letters encoded', (right) => `${session}=${right.replace('.', '%2e')}`],
  ['a made-up one', () => `${session}=${'0'.repeat(32)}.${'0'.repeat(64)}`],
  ['nothing in it', () => `${session}=`],
  ['a path in it', () => `${session}=../../etc/passwd`],
  ['SQL in it', () => `${session}=' OR '1'='1`],
  ['__proto__ in it', () => `${session}=__proto__`],
  ['10 KB of it', () => `${session}=${'a'.repeat(10_000)}`],
  ['a name without prefix', (right) => `session=${right}`],
  ['a name of another host', (right) => `__Secure-session=${right}`],
  ['a second one, planted', (right, other) => `${session}=${right}; ${session}=${other}`],
  ['the sign-in’s name', (right) => `__Host-sign-in-0000000000000000=${right}`],
];

/** What pages of other sites can make a browser send with the session. */
const forgeries: readonly [
  name: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  status: number,
][] = [
  ['a form of another site', 'POST', '/auth/logout', { origin: 'https://evil.example' }, 403],
  ['no header of its own', 'POST', '/auth/logout', { origin: site }, 403],
  ['no word of where it is from', 'POST', '/auth/logout', { 'x-csrf': '1' }, 403],
  [
    'another origin, with the header',
    'POST',
    '/auth/logout',
    { 'x-csrf': '1', origin: 'https://evil.example' },
    403,
  ],
  ['the origin null', 'POST', '/auth/logout', { 'x-csrf': '1', origin: 'null' }, 403],
  [
    'an origin that begins like ours',
    'POST',
    '/auth/logout',
    { 'x-csrf': '1', origin: `${site}.evil.example` },
    403,
  ],
  ['ours over http', 'POST', '/auth/logout', { 'x-csrf': '1', origin: 'http://shop.example' }, 403],
  ['ours on another port', 'POST', '/auth/logout', { 'x-csrf': '1', origin: `${site}:8443` }, 403],
  ['a sister site', 'POST', '/auth/logout', { ...sameOrigin, 'sec-fetch-site': 'same-site' }, 403],
  [
    'another site, by Sec-Fetch-Site',
    'POST',
    '/auth/logout',
    { ...sameOrigin, 'sec-fetch-site': 'cross-site' },
    403,
  ],
  ['an image that signs out', 'GET', '/auth/logout', {}, 405],
  [
    'another method in a header',
    'GET',
    '/auth/logout',
    { ...sameOrigin, 'x-http-method-override': 'POST' },
    405,
  ],
  [
    'an order from another site',
    'POST',
    '/v1/checkouts',
    { 'content-type': 'application/json', origin: 'https://evil.example' },
    403,
  ],
  ['an order as text', 'POST', '/v1/checkouts', { 'content-type': 'text/plain' }, 403],
  ['a session and a token', 'GET', '/v1/me', { authorization: 'Bearer x' }, 400],
  ['the issuer’s word, by a browser', 'GET', '/auth/backchannel-logout', {}, 405],
];

/** Cookies that were made up, and requests that the user has not made. */
export const forgedRequests: readonly Attack[] = [
  ...cookies.map(([name, make]): Attack => ({
    name: `session: a cookie with ${name}`,
    status: 401,
    async send(target) {
      const [browser, other] = [await staysSignedIn(target), await staysSignedIn(target, 'erin')];
      const valueOf = ({ cookies: kept }: typeof browser) => kept.get(session) ?? '';
      const outcome = await askWith(siteOf(target).b, make(valueOf(browser), valueOf(other)));
      await mustLive(target, browser);
      return outcome;
    },
  })),
  ...forgeries.map(([name, method, path, headers, status]): Attack => ({
    name: `session: ${name}`,
    status,
    async send(target) {
      const browser = await staysSignedIn(target);
      const body = method === 'POST' && path.startsWith('/v1') ? { body: '{}' } : {};
      const outcome = await outcomeOf(
        await browser.ask(`${siteOf(target).a}${path}`, { method, headers, ...body }),
      );
      await mustLive(target, browser);
      return outcome;
    },
  })),
];

function flip(value: string, at: number): string {
  return value.slice(0, at) + (parseInt(value.charAt(at), 16) ^ 1).toString(16) + value.slice(at + 1);
}
