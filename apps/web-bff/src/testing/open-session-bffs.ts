import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestInternalKeys, startTestProvider } from '@bff/auth/testing';
import { readConfiguration, type ProcessKit } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWebBff } from '../app.ts';
import { configuration } from '../config.ts';

export { createTestBrowser, signInAt as signIn } from '@bff/auth/testing';
export type SessionBffs = Awaited<ReturnType<typeof openSessionBffs>>;

/** Where browsers find the instances of these tests, all of them. */
export const site = 'http://127.0.0.1:8081';

interface OpenOptions {
  instances: number;
  environment?: Record<string, string>;
  kit?: Partial<ProcessKit>;
}

/** Instances of web-bff with one state, before a provider of the test's own and no services: enough to ask who one is. */
export async function openSessionBffs({ instances, environment = {}, kit = {} }: OpenOptions) {
  const provider = await startTestProvider('urn:bff:web-bff');
  const folder = mkdtempSync(join(tmpdir(), 'bff-web-'));
  const stateFile = join(folder, 'state.db');
  const nowhere = 'http://127.0.0.1:1';
  const values = readConfiguration(configuration, {
    PORT: '0',
    ISSUER_URL: provider.issuer,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    ORDER_SERVICE_URL: nowhere,
    PAYMENT_SERVICE_URL: nowhere,
    SHIPPING_SERVICE_URL: nowhere,
    SERVICE_HEALTH_CHECK_MS: '0',
    RATE_LIMIT_PER_MINUTE: '100000',
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '100000',
    CONNECTIONS_PER_ADDRESS: '10000',
    PUBLIC_URL: site,
    STATE_FILE: stateFile,
    ...environment,
  });
  const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
  const apps = await Promise.all(
    Array.from({ length: instances }, () => startWebBff(values, createTestKit({ randomHex, ...kit }))),
  );
  return {
    provider,
    stateFile,
    urls: apps.map((app) => app.listeners[0]!.url),
    async close() {
      await Promise.all(apps.flatMap((app) => app.listeners.map((listener) => listener.close(0))));
      await Promise.all(apps.map((app) => app.close!()));
      await provider.close();
      rmSync(folder, { recursive: true });
    },
  };
}
