import { createHash } from 'node:crypto';
import { createTestBrowser, type TestProvider } from '@bff/auth/testing';
import type { Attack } from '../attack.ts';
import {
  begun,
  faultOfRefusal,
  faultOfTokens,
  finish,
  mustLive,
  outcomeOf,
  session,
  signedIn,
  site,
  siteOf,
} from '../wire/sign-in-requests.ts';
import { sendHttp } from '../wire/http-request.ts';

/** What is done with sign-ins that are right in themselves. */
export const signIn: readonly Attack[] = [
  {
    name: 'sign-in: finished in another browser',
    status: 400,
    async send(target) {
      const victim = await begun(target);
      const { query } = await begun(target, 'mallory');
      return finish(target, { ...victim, query });
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: finished in a browser that began none',
    status: 400,
    send: async (target) => finish(target, { ...(await begun(target)), browser: createTestBrowser() }),
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: a code of another sign-in',
    status: 400,
    async send(target) {
      const [victim, attacker] = [await begun(target), await begun(target, 'mallory')];
      victim.query.set('code', attacker.query.get('code') ?? '');
      return finish(target, victim);
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: a code that was asked for without a challenge',
    status: 400,
    async send(target) {
      const attempt = await begun(target);
      const asked = new URL(attempt.asked);
      asked.searchParams.delete('code_challenge');
      return finish(target, {
        ...attempt,
        query: new URLSearchParams(siteOf(target).provider.agree(asked.href)),
      });
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: a changed sign-in cookie',
    status: 400,
    async send(target) {
      const attempt = await begun(target);
      const [[name, value] = ['', '']] = attempt.browser.cookies;
      attempt.browser.cookies.set(name, value.slice(0, -4) + (value.endsWith('AAAA') ? 'BBBB' : 'AAAA'));
      return finish(target, attempt);
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: the cookie of another sign-in',
    status: 400,
    async send(target) {
      const [attempt, other] = [await begun(target), await begun(target)];
      const [name = ''] = attempt.browser.cookies.keys();
      attempt.browser.cookies.set(name, [...other.browser.cookies.values()][0] ?? '');
      return finish(target, attempt);
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: a sign-in cookie written by hand',
    status: 400,
    send: async (target) => finish(target, beginByHand(siteOf(target).provider)),
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: finished twice',
    status: 400,
    async send(target) {
      const { provider } = siteOf(target);
      const attempt = await begun(target);
      const kept = new Map(attempt.browser.cookies);
      await finish(target, attempt);
      const calls = provider.tokenCalls.length;
      const replay = createTestBrowser();
      for (const [name, value] of kept) replay.cookies.set(name, value);
      const outcome = await finish(target, { browser: replay, query: attempt.query });
      if (provider.tokenCalls.length > calls) throw new Error('the issuer was asked again');
      await mustLive(target, attempt.browser);
      return outcome;
    },
    check: faultOfRefusal,
  },
  {
    name: 'sign-in: a session planted before',
    status: 303,
    async send(target) {
      const planted = `${'0'.repeat(32)}.${'0'.repeat(64)}`;
      const attempt = await begun(target);
      attempt.browser.cookies.set(session, planted);
      const outcome = await finish(target, attempt);
      if (attempt.browser.cookies.get(session) === planted) throw new Error('the planted one is taken');
      return outcome;
    },
  },
  {
    name: 'sign-in: a made-up Host',
    status: 303,
    send: (target) =>
      sendHttp(target, {
        target: '/auth/login',
        host: 'evil.example',
        authorization: null,
        lines: ['X-Forwarded-Host: evil.example', 'Origin: https://evil.example'],
      }),
    check: ({ headers }) =>
      new URL(String(headers['location'])).searchParams.get('redirect_uri') === `${site}/auth/callback`
        ? undefined
        : 'the issuer is told to send the code elsewhere',
  },
  {
    name: 'sign-in: what a page may learn of it',
    status: 303,
    async send(target) {
      const attempt = await begun(target);
      const outcome = await finish(target, attempt);
      const [pair = ''] = outcome.text.split('\n').filter((line) => line.startsWith(`${session}=`));
      if (!/; Path=\/; HttpOnly; SameSite=Lax; Secure$/.test(pair)) throw new Error(`the cookie is ${pair}`);
      return outcome;
    },
    check: faultOfTokens,
  },
  {
    name: 'sign-in: begun twenty times',
    status: 303,
    async send(target) {
      const browser = createTestBrowser();
      let last: Response | undefined;
      for (let begin = 0; begin < 20; begin++) last = await browser.ask(`${siteOf(target).a}/auth/login`);
      if (browser.cookies.size > 4) throw new Error(`the browser has ${browser.cookies.size} cookies of it`);
      return outcomeOf(last ?? Response.error());
    },
  },
  {
    name: 'sign-in: over somebody else’s session',
    status: 401,
    async send(target) {
      const { provider, a, b } = siteOf(target);
      const browser = await signedIn(target);
      const before = browser.cookies.get(session) ?? '';
      const login = await browser.ask(`${a}/auth/login`);
      await browser.ask(`${b}/auth/callback${provider.agree(login.headers.get('location') ?? '', 'bob')}`);
      return outcomeOf(await fetch(`${b}/v1/me`, { headers: { cookie: `${session}=${before}` } }));
    },
  },
];

/** A sign-in that no instance has begun, with all that one would have chosen. */
function beginByHand({ issuer, agree }: TestProvider) {
  const [state, nonce, verifier] = ['e'.repeat(32), 'e'.repeat(32), 'e'.repeat(64)];
  const redirectUri = `${site}/auth/callback`;
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = new URLSearchParams({ state, nonce, code_challenge, redirect_uri: redirectUri });
  const browser = createTestBrowser();
  const attempt = { state, nonce, verifier, redirectUri, returnTo: 'https://evil.example/', endsAt: 4e12 };
  browser.cookies.set(`__Host-sign-in-${state.slice(0, 16)}`, encodeURIComponent(JSON.stringify(attempt)));
  return { browser, query: new URLSearchParams(agree(`${issuer}/authorize?${String(asked)}`, 'mallory')) };
}
