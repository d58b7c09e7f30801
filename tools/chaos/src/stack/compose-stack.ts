import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Clock } from '@bff/core';
import { readPostgresBooks } from '../books/read-postgres-books.ts';
import { buyer } from '../open-clients.ts';
import { edgesUseAll, readContainers } from './compose-containers.ts';
import type { ProcessState, RunningStack, StackState } from './running-stack.ts';
import { untilInUse } from './until-in-use.ts';

const run = promisify(execFile);

export interface ComposeStackOptions {
  /** `COMPOSE_PROJECT_NAME`, as in docker/level-4.env. */
  project: string;
  level: number;
  clock: Clock;
}

const pollMs = 200;
const readyLimitMs = 90_000;
/** A replica that is ready is found by its name, checked, and then sent requests. */
const inUseLimitMs = 10_000;
/** Longer than DRAIN_DELAY_MS + SHUTDOWN_TIMEOUT_MS of docker/compose.yaml. */
const stopSeconds = '20';

/** For so long a client that was refused may leave an address alone: before that, the other load balancer is its only one. */
const reconnectMs = 2_000;

/** How many addresses an entry has at each level: the second edge comes with level 4. */
const entriesOf = (level: number) => {
  const bases = level === 4 ? [8_080, 8_180] : [8_080];
  const http = (offset: number) => bases.map((base) => `http://127.0.0.1:${String(base + offset)}`);
  return {
    web: http(1),
    mobile: http(2),
    wearable: bases.map((base) => `127.0.0.1:${String(base + 3)}`),
  };
};

/**
 * A stack that `docker compose up` has started, seen from the machine that it runs on. Its containers' processes are
 * processes of this machine: signals reach them as they reach any other, for which one has to be root.
 */
export async function attachToCompose({ project, level, clock }: ComposeStackOptions): Promise<RunningStack> {
  let processes: readonly ProcessState[] = [];
  const refresh = async () => {
    processes = await readContainers(project);
  };
  const untilReady = async () => {
    const giveUpAt = clock.now() + readyLimitMs;
    for (;;) {
      await refresh();
      const waiting = processes.filter(({ status }) => status !== 'ready').map(({ name }) => name);
      if (processes.length > 0 && waiting.length === 0) return;
      if (clock.now() > giveUpAt) {
        throw new Error(
          processes.length === 0
            ? `No containers of project ${project} run; start them with: docker compose -f docker/compose.yaml up --detach`
            : `Not ready after ${String(readyLimitMs / 1_000)} s: ${waiting.join(', ')}.`,
        );
      }
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    }
  };
  const untilWhole = async () => {
    await untilReady();
    const giveUpAt = clock.now() + inUseLimitMs;
    while (clock.now() < giveUpAt && !(await edgesUseAll(processes)))
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    await untilInUse(
      processes.filter(({ app }) => app.endsWith('-bff')),
      clock,
    );
  };
  await untilReady();
  const restart = async ({ name }: ProcessState) => {
    await run('docker', ['restart', '--time', stopSeconds, name]);
    await refresh();
  };
  const containerOf = (app: string) => processes.find((candidate) => candidate.app === app)?.name ?? app;
  // The databases outlive a run, and this one answers for its own purchases.
  const before = await readPostgresBooks(containerOf('postgres'), buyer);
  const earlier = new Set(before.orders.map(({ orderId }) => orderId));
  return {
    issuer: 'http://127.0.0.1:8090',
    webClientSecret: (
      await run('docker', ['exec', containerOf('identity-provider'), 'cat', '/run/secrets/web-client-secret'])
    ).stdout.trim(),
    state: (): StackState => ({ level, ready: true, entries: entriesOf(level), processes }),
    untilWhole,
    async untilEnded({ name, pid }) {
      do await refresh();
      while (processes.some((process) => process.name === name && process.pid === pid));
    },
    restart,
    async restartAll() {
      for (const target of processes.filter(
        ({ app }) => app === 'edge' || /-(bff|service|provider)$/.test(app),
      )) {
        await restart(target);
        await untilWhole();
        if (target.app === 'edge') await new Promise<void>((resolve) => clock.after(reconnectMs, resolve));
      }
    },
    async readBooks(customerId) {
      const { orders, payments, shipments } = await readPostgresBooks(containerOf('postgres'), customerId);
      const isNew = ({ orderId }: { orderId: string }) => !earlier.has(orderId);
      return {
        orders: orders.filter(isNew),
        payments: payments.filter(isNew),
        shipments: shipments.filter(isNew),
      };
    },
    stop: () => Promise.resolve(),
  };
}
