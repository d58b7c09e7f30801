import { createTestBrowser } from '@bff/auth/testing';
import type { Attack } from '../attack.ts';
import {
  askEverywhere,
  askWith,
  faultOfTokens,
  mustLive,
  outcomeOf,
  sameOrigin,
  session,
  signedIn,
  siteOf,
} from '../wire/sign-in-requests.ts';
import { signInSecrets } from '../world/open-client-facing.ts';
import type { Target } from '../world/target.ts';

const parallel = 50;

/** Sessions used again, elsewhere, too late or all at once. */
export const sessions: readonly Attack[] = [
  {
    name: 'session: used after sign-out, on every instance',
    status: 401,
    async send(target) {
      const browser = await signedIn(target);
      await mustLive(target, browser);
      const cookie = `${session}=${browser.cookies.get(session) ?? ''}`;
      const out = await browser.ask(`${siteOf(target).a}/auth/logout`, {
        method: 'POST',
        headers: sameOrigin,
      });
      if (out.status !== 200) throw new Error(`sign-out got ${out.status}`);
      return askEverywhere(target, cookie);
    },
  },
  {
    name: 'session: sealed with a key that was retired',
    status: 401,
    async send(target) {
      const browser = await signedIn(target);
      const start = siteOf(target).startInstance;
      if (!start) throw new Error('There is no further instance.');
      const { SESSION_KEYS } = signInSecrets();
      const successor = await start({ SESSION_KEYS });
      try {
        const cookie = `${session}=${browser.cookies.get(session) ?? ''}`;
        return await askWith(successor.listeners['http'] ?? '', cookie);
      } finally {
        await successor.stop();
      }
    },
  },
  {
    name: 'session: another’s sign-out',
    status: 401,
    async send(target) {
      const browser = await signedIn(target);
      const nobody = createTestBrowser();
      nobody.cookies.set(session, `${(browser.cookies.get(session) ?? '').slice(0, 33)}${'0'.repeat(64)}`);
      await nobody.ask(`${siteOf(target).a}/auth/logout`, { method: 'POST', headers: sameOrigin });
      await mustLive(target, browser);
      return outcomeOf(await nobody.ask(`${siteOf(target).a}/v1/me`));
    },
  },
  {
    name: `session: ${parallel} requests at once with an expired token`,
    status: 200,
    send: expireAndAsk,
    check: faultOfTokens,
  },
  {
    name: 'session: kept by the browser’s cache',
    status: 200,
    send: async (target) => outcomeOf(await (await signedIn(target)).ask(`${siteOf(target).c}/v1/me`)),
    check: ({ headers }) => (headers['cache-control'] === 'no-store' ? undefined : 'it may be kept'),
  },
];

/** One refresh for all of them, on whatever instance: an issuer that sees a refresh token twice ends the session. */
async function expireAndAsk(target: Target) {
  const { provider, urls } = siteOf(target);
  const { accessTokenSeconds } = provider.behaviour;
  provider.behaviour.accessTokenSeconds = 0;
  const browser = await signedIn(target).finally(() => {
    provider.behaviour.accessTokenSeconds = accessTokenSeconds;
  });
  const before = provider.tokenCalls.length;
  const asks = Array.from({ length: parallel }, (_, index) =>
    browser.ask(`${urls[index % urls.length] ?? ''}/v1/me`),
  );
  const answers = await Promise.all((await Promise.all(asks)).map(outcomeOf));
  const calls = provider.tokenCalls.length - before;
  if (calls !== 1) throw new Error(`the issuer was asked ${calls} times`);
  return answers.find(({ status }) => status !== 200) ?? answers[0] ?? outcomeOf(Response.error());
}
