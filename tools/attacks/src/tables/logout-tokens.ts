import { createTestKeyPair, type TestProvider } from '@bff/auth/testing';
import type { Attack, Outcome } from '../attack.ts';
import {
  askEverywhere,
  mustLive,
  outcomeOf,
  session,
  signedIn,
  siteOf,
  staysSignedIn,
} from '../wire/sign-in-requests.ts';
import type { Target } from '../world/target.ts';

/** Words of the issuer that it has not said, or has said of something else. */
const wrong: readonly [name: string, make: (provider: TestProvider) => Promise<string> | string][] = [
  ['an ID token', (provider) => provider.logoutToken({ typ: 'JWT', claims: { sid: 'sid-alice' } })],
  ['an access token', (provider) => provider.logoutToken({ typ: 'at+jwt', claims: { sid: 'sid-alice' } })],
  ['one with a nonce', (provider) => provider.logoutToken({ claims: { nonce: 'x' } })],
  ['one without the event', (provider) => provider.logoutToken({ claims: { events: {} } })],
  ['one whose event is inherited', (provider) => provider.logoutToken({ claims: { events: 'constructor' } })],
  ['one for another client', (provider) => provider.logoutToken({ audience: 'mobile' })],
  ['one that has expired', (provider) => provider.logoutToken({ expiresIn: -60 })],
  ['one that lives for a day', (provider) => provider.logoutToken({ expiresIn: 86_400 })],
  ['one without an end', (provider) => provider.logoutToken({ claims: { exp: undefined } })],
  ['one without an id', (provider) => provider.logoutToken({ claims: { jti: undefined } })],
  ['one about nobody', (provider) => provider.logoutToken({ claims: { sub: undefined } })],
  ['one of another issuer', (provider) => provider.logoutToken({ issuer: 'https://evil.example' })],
  [
    'one with an unknown critical member',
    (provider) => provider.logoutToken({ header: { crit: ['evil'], evil: 1 } }),
  ],
  ['a foreign one', (provider) => provider.logoutToken({ key: createTestKeyPair().privateKey })],
  ['one without a signature', async (provider) => (await provider.logoutToken()).replace(/[^.]*$/, '')],
  ['none', () => ''],
  ['an object', () => '{"sub":"alice"}'],
];

/** The same, in other forms than the one that there is: the body, its type, the status. */
const forms: readonly [name: string, body: (token: string) => string, type: string, status: number][] = [
  [
    'two tokens',
    (token) => `logout_token=${token}&logout_token=${token}`,
    'application/x-www-form-urlencoded',
    400,
  ],
  ['JSON', (token) => JSON.stringify({ logout_token: token }), 'application/json', 400],
  ['a form within a form', (token) => `logout_token[a]=${token}`, 'application/x-www-form-urlencoded', 400],
  [
    'a hundred fields',
    (token) => `${'a=1&'.repeat(100)}logout_token=${token}`,
    'application/x-www-form-urlencoded',
    413,
  ],
  [
    '20 KB',
    (token) => `logout_token=${token}${'a'.repeat(20_000)}`,
    'application/x-www-form-urlencoded',
    413,
  ],
];

export const logoutTokens: readonly Attack[] = [
  ...wrong.map(([name, make]): Attack => ({
    name: `logout token: ${name}`,
    status: 400,
    send: async (target) => tellAndLive(target, form(await make(siteOf(target).provider))),
  })),
  ...forms.map(([name, body, type, status]): Attack => ({
    name: `logout token: in ${name}`,
    status,
    async send(target) {
      const token = await siteOf(target).provider.logoutToken();
      return tellAndLive(target, { body: body(token), headers: { 'content-type': type } });
    },
  })),
  {
    name: 'logout token: used twice',
    status: 400,
    async send(target) {
      const { provider, a, b } = siteOf(target);
      const token = await provider.logoutToken({ sub: 'bob', claims: { sid: 'sid-bob' } });
      const first = await tell(a, form(token));
      if (first.status !== 200) throw new Error(`the first got ${first.status}`);
      const browser = await staysSignedIn(target);
      const again = await tell(b, form(token));
      await mustLive(target, browser);
      return again;
    },
  },
  {
    name: 'logout token: a session used after it, on every instance',
    status: 401,
    async send(target) {
      const { provider, a } = siteOf(target);
      const browser = await signedIn(target, 'dora');
      await mustLive(target, browser);
      const told = await tell(a, form(await provider.logoutToken({ sub: 'dora' })));
      if (told.status !== 200) throw new Error(`the issuer’s word got ${told.status}`);
      return askEverywhere(target, `${session}=${browser.cookies.get(session) ?? ''}`);
    },
  },
];

function form(token: string): RequestInit {
  return { body: new URLSearchParams({ logout_token: token }) };
}

async function tell(url: string, request: RequestInit): Promise<Outcome> {
  return outcomeOf(await fetch(`${url}/auth/backchannel-logout`, { method: 'POST', ...request }));
}

/** Tells one instance; whoever is signed in stays so on all. */
async function tellAndLive(target: Target, request: RequestInit): Promise<Outcome> {
  const browser = await staysSignedIn(target);
  const outcome = await tell(siteOf(target).a, request);
  await mustLive(target, browser);
  return outcome;
}
