import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateInternalKey } from '@bff/auth';
import { developmentClients, obtainToken } from '@bff/auth/headless';
import { runProvider } from './testing/running-provider.ts';

let folder: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bff-idp-'));
  const { privateJwk } = await generateInternalKey();
  environment = { SIGNING_KEY: JSON.stringify(privateJwk), STATE_FILE: join(folder, 'state.db') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const alice = { user: 'alice', password: 'password' };

/** The web client's secret; the others are public. */
const credentials = Buffer.from(`web:${developmentClients.web.clientSecret}`).toString('base64');

async function refresh(issuer: string, client: 'web' | 'mobile' | 'wearable', refreshToken: string) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: client,
    }),
    ...(client === 'web' && { headers: { authorization: `Basic ${credentials}` } }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, error: body['error'], refreshToken: String(body['refresh_token']) };
}

describe('with a state and a signing key of its own, the provider', () => {
  it.each(['mobile', 'wearable'] as const)(
    'may restart before every request of a sign-in (%s): session, grant, code and forms go on',
    async (client) => {
      let provider = await runProvider(environment);
      const port = new URL(provider.url).port;
      let restarts = 0;
      const restart = async () => {
        await provider.close();
        provider = await runProvider({ ...environment, PORT: port });
        restarts += 1;
      };
      const tokens = await provider.obtain({
        client,
        audience: `urn:bff:${client}-bff`,
        fetch: async (url, init) => {
          await restart();
          const headers = new Headers(init.headers);
          headers.set('connection', 'close');
          return fetch(url, { ...init, headers });
        },
      });
      await restart();
      expect(restarts).toBeGreaterThan(4);
      // Rotation goes on, too: what was used before a restart counts as used after it.
      const next = await refresh(provider.url, client, tokens.refreshToken ?? '');
      expect(next.status).toBe(200);
      await restart();
      expect(await refresh(provider.url, client, tokens.refreshToken ?? '')).toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      await restart();
      expect((await refresh(provider.url, client, next.refreshToken)).status).toBe(400);
      await provider.close();
    },
  );

  it('signs nobody out when its process is killed', async () => {
    const first = await startProcess({ ...environment, PORT: '0' });
    const tokens = await obtainToken({
      ...alice,
      issuer: first.url,
      client: 'web',
      audience: 'urn:bff:web-bff',
    });
    await first.kill();
    const second = await startProcess({ ...environment, PORT: new URL(first.url).port });
    expect((await refresh(second.url, 'web', tokens.refreshToken ?? '')).status).toBe(200);
    await second.kill();
  });
});

async function startProcess(variables: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // It must not outlive a test that hangs.
    timeout: 12_000,
  });
  const exited = once(child, 'exit');
  const [{ listeners }] = (await once(child, 'message')) as [{ listeners: { http: string } }];
  return {
    url: listeners.http,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
