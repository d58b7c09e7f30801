import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@bff/core';
import { connectRedis } from '@bff/state';
import { startRedis, type RedisProcess } from '@bff/state/testing';
import { openSessionBffs, signIn, site, type SessionBffs } from '../testing/open-session-bffs.ts';

const users = Array.from({ length: 4 }, (_, index) => `user-${index}`);
const sameOrigin = { 'x-csrf': '1', origin: site };

interface Seen {
  kind: string;
  status: number;
  tookMs: number;
  retryAfter: string | null;
  clearsCookie: boolean;
}

let folder: string;
let redis: RedisProcess;
let bffs: SessionBffs;
let cookies: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bff-redis-'));
  redis = await startRedis(undefined, folder);
  const environment = { REDIS_URL: `redis://127.0.0.1:${redis.port}` };
  bffs = await openSessionBffs({ instances: 2, environment });
  const signedIn = await Promise.all(users.map((user) => signIn(bffs, { user })));
  cookies = signedIn.map(({ browser }) => `__Host-session=${browser.cookies.get('__Host-session') ?? ''}`);
});
afterAll(async () => {
  await bffs.close();
  await redis.kill();
  rmSync(folder, { recursive: true });
});

async function send(kind: string, path: string, init: RequestInit, instance: number): Promise<Seen> {
  const startedAt = performance.now();
  const response = await fetch(`${bffs.urls[instance % bffs.urls.length]}${path}`, {
    redirect: 'manual',
    ...init,
  });
  await response.arrayBuffer();
  return {
    kind,
    status: response.status,
    tookMs: performance.now() - startedAt,
    retryAfter: response.headers.get('retry-after'),
    clearsCookie: response.headers.getSetCookie().length > 0,
  };
}

/** One round of what people do, at every instance. */
function round(): Promise<Seen>[] {
  return cookies.flatMap((cookie, user) =>
    bffs.urls.flatMap((_url, instance) => [
      send('anonymous', user % 2 ? '/' : '/auth/session', {}, instance),
      send('read', '/v1/me', { headers: { cookie } }, instance),
      // There is nothing to post to; that is found out after the session.
      send('write', '/v1/nothing', { method: 'POST', headers: { cookie, ...sameOrigin } }, instance),
    ]),
  );
}

/** Rounds, one every 200 ms whether the last is answered or not, until told to stop. */
async function load(during: () => Promise<void>): Promise<Seen[]> {
  const sent: Promise<Seen>[] = [];
  const state = { stopped: false };
  const sending = (async () => {
    while (!state.stopped) {
      sent.push(...round());
      await pass(200);
    }
  })();
  await during();
  state.stopped = true;
  await sending;
  return Promise.all(sent);
}

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function report(circumstance: string, seen: readonly Seen[]): void {
  const of = (kind: string) => seen.filter((each) => each.kind === kind);
  const failed = (kind: string) => of(kind).filter(({ status }) => status >= 500);
  const refused = failed('write')
    .map(({ tookMs }) => tookMs)
    .sort((x, y) => x - y);
  process.stdout.write(
    `S6, ${circumstance}: ${of('anonymous').length} anonymous requests, ${failed('anonymous').length} × 5xx; ` +
      `${of('read').length} reads, ${failed('read').length} × 5xx; ${of('write').length} writes, ${refused.length} × 503, ` +
      `p50 ${(refused[refused.length >> 1] ?? 0).toFixed(0)} ms, p99 ${(refused[Math.floor(refused.length * 0.99)] ?? 0).toFixed(0)} ms; ` +
      `${seen.filter(({ status, clearsCookie }) => status === 401 || clearsCookie).length} sign-outs\n`,
  );
}

function expectNobodyHurt(seen: readonly Seen[]): void {
  expect(seen.filter(({ kind, status }) => kind !== 'write' && status !== 200)).toEqual([]);
  const writes = seen.filter(({ kind }) => kind === 'write');
  expect(new Set(writes.map(({ status }) => status))).toEqual(new Set([404, 503]));
  expect(writes.filter(({ status, retryAfter }) => status === 503 && retryAfter !== '1')).toEqual([]);
  expect(seen.filter(({ clearsCookie }) => clearsCookie)).toEqual([]);
}

describe('web-bff, when its Redis', () => {
  it('is killed and restarted twice under load, hurts no reader and signs nobody out', async () => {
    await load(() => pass(200));
    const seen = await load(async () => {
      for (let outage = 0; outage < 2; outage++) {
        await pass(500);
        await redis.kill();
        await pass(1_500);
        redis = await startRedis(redis.port, folder);
        await pass(1_500);
      }
    });
    report('Redis killed twice', seen);
    expectNobodyHurt(seen);
    // Client and both servers share this process: what an anonymous request takes is the machine's, not the store's.
    const machineMs = seen
      .filter(({ kind }) => kind === 'anonymous')
      .map(({ tookMs }) => tookMs)
      .sort((x, y) => x - y);
    const limitMs = 200 + (machineMs[Math.floor(machineMs.length * 0.99)] ?? 0);
    const slow = seen.filter(
      ({ kind, status, tookMs }) => kind === 'write' && status === 503 && tookMs >= limitMs,
    );
    expect(slow.map(({ tookMs }) => Math.round(tookMs))).toEqual([]);
    // And all is as before.
    expect((await Promise.all(round())).every(({ status }) => status < 500)).toBe(true);
  });

  it('is frozen under load, neither', async () => {
    const seen = await load(async () => {
      await pass(300);
      redis.signal('SIGSTOP');
      await pass(2_000);
      redis.signal('SIGCONT');
      await pass(1_000);
    });
    report('Redis frozen for 2 s', seen);
    expectNobodyHurt(seen);
  });

  it('is away, refuses sign-in and sign-out fast, and keeps the cookie', async () => {
    await redis.kill();
    const asked = [
      await send('login', '/auth/login', {}, 0),
      await send(
        'logout',
        '/auth/logout',
        { method: 'POST', headers: { cookie: cookies[0]!, ...sameOrigin } },
        1,
      ),
    ];
    for (const { status, retryAfter, clearsCookie, tookMs } of asked) {
      expect({ status, retryAfter, clearsCookie }).toEqual({
        status: 503,
        retryAfter: '1',
        clearsCookie: false,
      });
      expect(tookMs).toBeLessThan(200);
    }
    redis = await startRedis(redis.port, folder);
  });

  it('is read by somebody, shows neither tokens nor names', async () => {
    const connection = await connectRedis({ url: new Secret(`redis://127.0.0.1:${redis.port}`) });
    const { client } = connection;
    const keys = await client.keys('*');
    const values = await Promise.all(
      keys.map(async (key) =>
        (await client.type(key)) === 'string'
          ? client.get(key)
          : client.zrange(key, '0', '-1').catch(() => ''),
      ),
    );
    connection.close();
    const dump = JSON.stringify([keys, values]);
    expect(dump).toContain('session:');
    expect(dump.replaceAll(/web-bff:user:[\w-]+|"[^"]*rate[^"]*"/gi, '')).not.toMatch(
      /eyJhbGci|rt-[0-9a-f]{8}-|Name of|sid-user/,
    );
    for (const cookie of cookies) expect(dump).not.toContain(cookie.split('.')[1]);
  });
});
