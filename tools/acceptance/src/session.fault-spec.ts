import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestInternalKeys, startTestProvider, type TestProvider } from '@bff/auth/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startApp, type AppProcess } from './testing/app-process.ts';

const site = 'http://127.0.0.1:8081';
const nowhere = 'http://127.0.0.1:1';

/** Three processes of web-bff with one state, and a provider that can be slowed down. */
interface Scene {
  readonly provider: TestProvider;
  readonly bffs: readonly AppProcess[];
}

const closing: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

async function openScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'bff-session-'));
  const provider = await startTestProvider('urn:bff:web-bff');
  const environment = {
    ISSUER_URL: provider.issuer,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    ORDER_SERVICE_URL: nowhere,
    PAYMENT_SERVICE_URL: nowhere,
    SHIPPING_SERVICE_URL: nowhere,
    SERVICE_HEALTH_CHECK_MS: '0',
    REQUEST_TIMEOUT_MS: '20000',
    RATE_LIMIT_PER_MINUTE: '100000',
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '100000',
    MAX_CONNECTIONS_PER_ADDRESS: '5000',
    PUBLIC_URL: site,
    SESSION_KEYS: randomBytes(32).toString('hex'),
    STATE_FILE: join(folder, 'state.db'),
  };
  const bffs = await Promise.all([1, 2, 3].map(() => startApp('web-bff/src/main.ts', environment)));
  closing.push(async () => {
    await Promise.all(bffs.map((bff) => bff.close()));
    await provider.close();
    rmSync(folder, { recursive: true });
  });
  return { provider, bffs };
}

const urlOf = ({ bffs }: Scene, instance: number) => bffs[instance % bffs.length]?.listeners['http'] ?? '';

/** The session's cookie; its access token has expired. */
async function signIn(scene: Scene): Promise<string> {
  const { provider } = scene;
  provider.behaviour.accessTokenSeconds = 1;
  const login = await fetch(`${urlOf(scene, 0)}/auth/login`, { redirect: 'manual' });
  const cookie = (login.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
  const search = provider.agree(login.headers.get('location') ?? '');
  const callback = await fetch(`${urlOf(scene, 1)}/auth/callback${search}`, {
    redirect: 'manual',
    headers: { cookie },
  });
  provider.behaviour.accessTokenSeconds = 900;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const session = callback.headers.getSetCookie().find((line) => line.startsWith('__Host-session='));
  return (session ?? '').split(';', 1)[0] ?? '';
}

async function ask(
  scene: Scene,
  instance: number,
  cookie: string,
): Promise<{ status: number; tookMs: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${urlOf(scene, instance)}/v1/me`, { headers: { cookie } });
  await response.arrayBuffer();
  return { status: response.status, tookMs: performance.now() - startedAt };
}

const refreshesOf = ({ provider }: Scene) =>
  provider.tokenCalls.filter((type) => type === 'refresh_token').length;

// All at once, each with processes of its own: most of it is waiting for a slow issuer.
describe('a session whose access token has expired', () => {
  it.concurrent(
    'S5: is refreshed once for 1 000 parallel requests over 3 processes, with an issuer that takes 10 s',
    async () => {
      const scene = await openScene();
      const { provider } = scene;
      const cookie = await signIn(scene);
      provider.behaviour.delayMs = 10_000;
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) => ask(scene, index, cookie)),
      );
      const slowest = Math.max(...answers.map(({ tookMs }) => tookMs));
      const signedOut = answers.filter(({ status }) => status === 401).length;
      process.stdout.write(
        `S5, 1 000 requests over 3 processes, issuer at 10 s: ${refreshesOf(scene)} refresh, ${signedOut} sign-outs, ` +
          `${answers.filter(({ status }) => status === 200).length} × 200, slowest ${(slowest / 1_000).toFixed(1)} s\n`,
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(refreshesOf(scene)).toBe(1);
      for (const instance of [0, 1, 2]) expect((await ask(scene, instance, cookie)).status).toBe(200);
      expect(refreshesOf(scene)).toBe(1);
    },
    60_000,
  );

  it.concurrent(
    'lives on when the process that refreshes it is killed',
    async () => {
      const scene = await openScene();
      const { provider, bffs } = scene;
      const cookie = await signIn(scene);
      // As confidential clients have it by default: a rotated token that died with the process would be nobody’s.
      provider.behaviour.rotates = false;
      provider.behaviour.delayMs = 3_000;
      const doomed = ask(scene, 0, cookie).catch(() => undefined);
      while (refreshesOf(scene) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      await bffs[0]?.close();
      await doomed;
      provider.behaviour.delayMs = 0;
      const answers = await Promise.all([ask(scene, 1, cookie), ask(scene, 2, cookie)]);
      process.stdout.write(
        `killed in mid-refresh: ${answers.map(({ status, tookMs }) => `${status} after ${(tookMs / 1_000).toFixed(1)} s`).join(', ')}\n`,
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(refreshesOf(scene)).toBe(2);
    },
    60_000,
  );

  it.concurrent(
    'lives on, its refresh token unspent, when the store’s other users were killed before',
    async () => {
      const scene = await openScene();
      const { bffs } = scene;
      const cookie = await signIn(scene);
      await bffs[1]?.close();
      expect((await ask(scene, 2, cookie)).status).toBe(200);
      expect(refreshesOf(scene)).toBe(1);
    },
    60_000,
  );
});
