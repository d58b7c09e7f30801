import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Clock } from '@bff/core';
import { readPostgresBooks } from '../books/read-postgres-books.ts';
import type { ProcessState, RunningStack, StackState } from './running-stack.ts';

const run = promisify(execFile);

export interface ComposeStackOptions {
  /** `COMPOSE_PROJECT_NAME`, as in docker/level-4.env. */
  project: string;
  level: number;
  clock: Clock;
}

interface Container {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: {
    readonly Pid: number;
    readonly Running: boolean;
    readonly Health?: { readonly Status: string };
  };
}

const pollMs = 200;
const readyLimitMs = 90_000;
/** Longer than DRAIN_DELAY_MS + SHUTDOWN_TIMEOUT_MS of docker/compose.yaml. */
const stopSeconds = '20';

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
    processes = (await inspectAll(project)).map(toProcess).filter(({ app }) => app !== 'keys');
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
  await untilReady();
  const restart = async ({ name }: ProcessState) => {
    await run('docker', ['restart', '--time', stopSeconds, name]);
    await refresh();
  };
  const containerOf = (app: string) => processes.find((candidate) => candidate.app === app)?.name ?? app;
  return {
    issuer: 'http://127.0.0.1:8090',
    webClientSecret: (
      await run('docker', ['exec', containerOf('identity-provider'), 'cat', '/run/secrets/web-client-secret'])
    ).stdout.trim(),
    state: (): StackState => ({ level, ready: true, entries: entriesOf(level), processes }),
    untilWhole: untilReady,
    async untilEnded({ name, pid }) {
      do await refresh();
      while (processes.some((process) => process.name === name && process.pid === pid));
    },
    restart,
    async restartAll() {
      for (const target of processes.filter(({ app }) => app === 'edge' || /-(bff|service)$/.test(app))) {
        await restart(target);
        await untilReady();
      }
    },
    readBooks: (customerId) => readPostgresBooks(containerOf('postgres'), customerId),
    stop: () => Promise.resolve(),
  };
}

async function inspectAll(project: string): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', filter]);
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const { stdout: json } = await run('docker', ['inspect', ...ids], { maxBuffer: 64_000_000 });
  return JSON.parse(json) as Container[];
}

function toProcess({ Name, Config, State }: Container): ProcessState {
  const service = Config.Labels['com.docker.compose.service'] ?? '';
  // Without a health check of its own (HAProxy, Prometheus) running has to do.
  const ready = State.Running && (State.Health?.Status ?? 'healthy') === 'healthy';
  return {
    name: Name.replace(/^\//, ''),
    // Two services, one tier; the BFFs of level 2 stand alone.
    app: service.replace(/^edge-.$/, 'edge').replace(/-alone$/, ''),
    pid: State.Running ? State.Pid : null,
    admin: '',
    status: ready ? 'ready' : 'starting',
  };
}
