import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestInternalKeys } from '@bff/auth/testing';
import { site } from './open-session-bffs.ts';

/** web-bff as a process of its own: it can be killed. */
export interface SessionProcess {
  readonly url: string;
  /** Resolves when it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Enough to ask who one is: there are no services behind it. */
export async function startSessionProcess(environment: Record<string, string>): Promise<SessionProcess> {
  const nowhere = 'http://127.0.0.1:1';
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'error',
      INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
      ORDER_SERVICE_URL: nowhere,
      PAYMENT_SERVICE_URL: nowhere,
      SHIPPING_SERVICE_URL: nowhere,
      SERVICE_HEALTH_CHECK_MS: '0',
      PUBLIC_URL: site,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [{ listeners }] = (await once(child, 'message')) as [{ listeners: { http: string } }];
  return {
    url: listeners.http,
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
