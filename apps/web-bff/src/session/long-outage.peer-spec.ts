import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createKeyRing, createSessions, type Sessions } from '@bff/auth/session';
import { Secret, systemClock as clock } from '@bff/core';
import { openState } from '@bff/state';
import { startRedis } from '@bff/state/testing';

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
const minute = 60_000;
const leaseMs = 400;
const answersAfterMs = 300;

/** Gives every refresh token for one use. */
function createIssuer() {
  const used: string[] = [];
  return {
    used,
    tokens: () => ({
      accessToken: `at-${String(used.length)}`,
      refreshToken: `rt-${String(used.length)}`,
      issuedAt: Date.now(),
      expiresAt: Date.now() + 15 * minute,
    }),
    async refresh(refreshToken: string) {
      used.push(refreshToken);
      const tokens = this.tokens();
      await pass(answersAfterMs);
      return tokens;
    },
    revoke: async () => undefined,
  };
}

/** The access token of a session at an instance, asked for until there is an answer. */
async function tokenAt(sessions: Sessions, cookie: string): Promise<string | undefined> {
  for (;;) {
    try {
      return (await sessions.find(cookie, { mayBeStale: false }))?.tokens.accessToken;
    } catch {
      await pass(20);
    }
  }
}

it('web-bff’s sessions outlive a Redis that is killed in mid-refresh and is away for longer than the lease: one use of the refresh token', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bff-redis-'));
  let redis = await startRedis(undefined, folder);
  const redisUrl = new Secret(`redis://127.0.0.1:${String(redis.port)}`);
  const states = await Promise.all(
    [1, 2].map(() => openState({ redisUrl, file: '', namespace: 'web-bff', clock, randomHex })),
  );
  const issuer = createIssuer();
  const keys = createKeyRing([new Secret('k'.repeat(40))], randomHex);
  const times = { idleMs: 30 * minute, maxMs: 60 * minute, leaseMs };
  const [a, b] = states.map((state) =>
    createSessions({ ...times, state, keys, issuer, clock, randomHex, audit: () => undefined }),
  ) as [Sessions, Sessions];

  const cookie = await a.begin({
    subject: 'alice',
    tokens: { ...issuer.tokens(), expiresAt: Date.now() },
  });
  const asked = tokenAt(a, cookie);
  while (issuer.used.length === 0) await pass(5);
  await redis.kill();
  const elsewhere = tokenAt(b, cookie);
  await pass(2 * leaseMs + answersAfterMs);
  redis = await startRedis(redis.port, folder);
  expect(await Promise.all([asked, elsewhere])).toEqual(['at-1', 'at-1']);
  expect(issuer.used).toEqual(['rt-0']);

  await Promise.all([a.close(), b.close()]);
  await Promise.all(states.map((state) => state.close()));
  await redis.kill();
  rmSync(folder, { recursive: true });
});
