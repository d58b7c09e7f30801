import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Books } from '@bff/aggregation/testing';
import { readBooks } from '@bff/aggregation/testing';
import { createTestInternalKeys } from '@bff/auth/testing';
import { openContext, systemClock, type ContextScope } from '@bff/core';
import { createTemporaryFolder, spawnService, type SpawnedService } from '@bff/service-kit/testing';
import type { Doom } from './doomed-bff.ts';
import { openBffWrites, type BffSettings, type BffWrites } from './open-bff-writes.ts';

const mainOf = (app: string) =>
  fileURLToPath(new URL(`../../../../apps/${app}/src/main.ts`, import.meta.url));

/** The three services as processes, and everything that instances of a BFF share. */
export interface TestShop {
  readonly settings: BffSettings;
  openBff(around?: Parameters<typeof openBffWrites>[1]): Promise<BffWrites>;
  /** Lets a BFF in a process of its own work up to a point, and kills it there with SIGKILL. */
  killBffAt(doom: Omit<Doom, 'settings'>): Promise<void>;
  /** Lets it work up to a point and freezes it there with SIGSTOP; it goes on, to its end, when it is resumed. */
  freezeBffAt(doom: Omit<Doom, 'settings'>): Promise<{ resume(): Promise<void> }>;
  readBooksOf(bff: BffWrites, subject: string): Promise<Books>;
  close(): Promise<void>;
}

/** `patienceMs` is that of the instances in this process; the others have the usual one. */
export async function openTestShop({
  patienceMs,
  ...options
}: Pick<BffSettings, 'redisUrl' | 'patienceMs'> = {}): Promise<TestShop> {
  const folder = createTemporaryFolder();
  const keys = createTestInternalKeys();
  // Dozens of processes load the same modules.
  const NODE_COMPILE_CACHE = `${folder.path}/compile-cache`;
  const services: SpawnedService[] = await Promise.all(
    ['order-service', 'payment-service', 'shipping-service'].map((app) =>
      spawnService(mainOf(app), {
        DATABASE_URL: `sqlite:${folder.path}/${app}.db`,
        INTERNAL_JWKS: JSON.stringify(keys.jwks),
        SEED_DATA: 'false',
        ...(app === 'shipping-service' && { COURIER_INTERVAL_MS: '0' }),
      }),
    ),
  );
  const [orders = '', payments = '', shipments = ''] = services.map(({ httpUrl }) => httpUrl);
  const settings: BffSettings = {
    urls: { orders, payments, shipments },
    signingKey: JSON.stringify(keys.privateJwk),
    stateFile: `${folder.path}/state.db`,
    ...options,
    journalKey: randomBytes(32).toString('base64'),
  };
  const letStandAt = async (doom: Omit<Doom, 'settings'>) => {
    const child = fork(
      fileURLToPath(new URL('doomed-bff.ts', import.meta.url)),
      [JSON.stringify({ ...doom, settings } satisfies Doom)],
      { env: { ...process.env, NODE_COMPILE_CACHE } },
    );
    const exited = once(child, 'exit');
    const [message] = (await Promise.race([once(child, 'message'), exited])) as unknown[];
    if (message === 'here') return { child, exited };
    child.kill('SIGKILL');
    throw new Error(`The process did not get to ${doom.call}: ${String(message)}.`);
  };
  return {
    settings,
    openBff: (around) =>
      openBffWrites({ ...settings, ...(patienceMs !== undefined && { patienceMs }) }, around),
    async killBffAt(doom) {
      const { child, exited } = await letStandAt(doom);
      child.kill('SIGKILL');
      await exited;
    },
    async freezeBffAt(doom) {
      const { child, exited } = await letStandAt(doom);
      child.kill('SIGSTOP');
      return {
        async resume() {
          child.send('go on');
          child.kill('SIGCONT');
          await once(child, 'message');
          child.kill('SIGKILL');
          await exited;
        },
      };
    },
    async readBooksOf({ ports }, subject) {
      const scope = openRequest(subject);
      return readBooks(ports, scope.context).finally(scope.close);
    },
    async close() {
      await Promise.all(services.map((service) => service.kill('SIGKILL')));
      folder.remove();
    },
  };
}

export function openRequest(subject: string, idempotencyKey?: string, timeoutMs = 10_000): ContextScope {
  return openContext({
    clock: systemClock,
    timeoutMs,
    requestId: 'test',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false },
    principal: { subject, client: 'web', scopes: [], roles: [] },
    idempotencyKey,
  });
}
