import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { systemClock } from '@bff/core';
import { createSources } from '../load/create-sources.ts';
import { openClients } from '../open-clients.ts';
import { startStack } from '../stack/running-stack.ts';
import { measureCapacity } from './measure-capacity.ts';

/** `npm run capacity`: what each operation costs each tier of level 4; docs/scaling.md says what to do with it. */
const workspaceRoot = resolve(import.meta.dirname, '../../../..');
const portBase = 18_000;
const ratePerSecond = { read: 120, buy: 20 };

const stack = await startStack({
  ...{ level: 4, portBase, workspaceRoot, clock: systemClock },
  environment: { RATE_LIMIT_PER_MINUTE: '10000000', LOG_LEVEL: 'info', ...process.env },
});
try {
  const clients = await openClients({
    ...{ stack, workspaceRoot, clock: systemClock, random: Math.random },
  });
  const apps = [...new Set(stack.state().processes.map(({ app }) => app))].filter(
    (app) => app !== 'identity-provider',
  );
  process.stdout.write(`CPU ms per request | ${apps.join(' | ')} | requests\n`);
  for (const source of createSources(clients, randomUUID)) {
    const cost = await measureCapacity({
      source: {
        ...source,
        ratePerSecond: source.operation.endsWith('buy') ? ratePerSecond.buy : ratePerSecond.read,
      },
      ...{ stack, warmUpMs: 8_000, measureMs: 10_000, clock: systemClock },
    });
    const cells = apps.map((app) => (cost.byApp.get(app) ?? 0).toFixed(2));
    const failed = cost.failed > 0 ? ` (${String(cost.failed)} failed)` : '';
    process.stdout.write(`${source.operation} | ${cells.join(' | ')} | ${String(cost.requests)}${failed}\n`);
  }
  await Promise.all(clients.map((client) => client.close()));
} finally {
  await stack.stop();
}
process.exit(0);
