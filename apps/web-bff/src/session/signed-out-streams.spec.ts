import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSessionBffs, signIn, type SessionBffs } from '../testing/open-session-bffs.ts';
import { startRealServices } from '../testing/real-services.ts';

let services: Awaited<ReturnType<typeof startRealServices>>;
let bffs: SessionBffs;
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
async function watch(url: string, browser: TestBrowser) {
  const response = await browser.ask(`${url}/v1/orders/ord_0001/events`);
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('event: update'); text += (await reader.read()).value ?? '');
  const ended = (async () => {
    while (!(await reader.read()).done);
    return performance.now();
  })();
  return { ended, cancel: () => reader.cancel() };
}

const tellOf = async (url: string) =>
  fetch(`${url}/auth/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({
      logout_token: await bffs.provider.logoutToken({ sub: 'alice', claims: { sid: 'sid-alice' } }),
    }),
  });

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

// Last: who was signed out by the issuer stays out for a while.
it('event streams end at every instance within 100 ms of the issuer’s word, and cannot be opened again', async () => {
  const { browser } = await signIn(bffs);
  const streams = await Promise.all([a, b].map((url) => watch(url, browser)));
  expect((await tellOf(a)).status).toBe(200);
  const toldAt = performance.now();
  const endedAt = await Promise.all(streams.map(({ ended }) => ended));
  const afterMs = Math.max(...endedAt) - toldAt;
  process.stdout.write(
    `back-channel logout: event streams of 2 instances ended after ${afterMs.toFixed(0)} ms\n`,
  );
  expect(afterMs).toBeLessThan(100);
  expect((await browser.ask(`${b}/v1/orders/ord_0001/events`)).status).toBe(401);
});
