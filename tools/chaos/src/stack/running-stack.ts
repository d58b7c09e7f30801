import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@bff/core';
import { readBooks, type Books } from '../books/read-books.ts';
import { untilInUse } from './until-in-use.ts';

export interface ProcessState {
  readonly name: string;
  readonly app: string;
  readonly pid: number | null;
  readonly admin: string;
  readonly status: string;
}

export interface StackState {
  readonly level: number;
  readonly ready: boolean;
  readonly entries: Readonly<Partial<Record<'web' | 'mobile' | 'wearable', readonly string[]>>>;
  readonly processes: readonly ProcessState[];
}

export interface RunningStack {
  readonly issuer: string;
  /** Of client `web` where it is not the one that it has in development. */
  readonly webClientSecret?: string;
  state(): StackState;
  /** Waits until it is known that a process that was killed has ended. */
  untilEnded(target: ProcessState): Promise<void>;
  /** Waits until every process says that it is ready and, where that can be seen, is sent requests by those in front. */
  untilWhole(): Promise<void>;
  /** Ends one process in order, as a rolling restart does, and waits until it has ended; it is started again. */
  restart(target: ProcessState): Promise<void>;
  /** A rolling restart of everything, as an operator would do it. */
  restartAll(): Promise<void>;
  /** What the services have stored of a customer. */
  readBooks(customerId: string): Promise<Books>;
  stop(): Promise<void>;
}

export interface StartStackOptions {
  level: number;
  portBase: number;
  workspaceRoot: string;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Stops the stack, also while it starts. */
  signal?: AbortSignal;
}

const pollMs = 20;
const readyLimitMs = 60_000;

/** Starts a level as `npm start` does, in a folder of its own; resolves when all of it is ready. */
export async function startStack(options: StartStackOptions): Promise<RunningStack> {
  const { level, portBase, workspaceRoot, clock } = options;
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const environment = { ...options.environment, STACK_DIR: folder };
  const command = (...args: string[]) =>
    spawn(process.execPath, ['tools/stack/src/main.ts', ...args], {
      cwd: workspaceRoot,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const launcher = command(
    'start',
    ...['--level', String(level)],
    ...['--port-base', String(portBase)],
    '--restart-after',
    '0',
  );
  let complaints = '';
  launcher.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = once(launcher, 'exit');
  options.signal?.addEventListener('abort', () => launcher.kill('SIGTERM'), { once: true });

  const read = (): StackState | undefined => {
    try {
      return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as StackState;
    } catch {
      // Not written yet.
      return undefined;
    }
  };
  const state = (): StackState => {
    const found = read();
    if (!found) throw new Error('The stack has no state; has it ended?');
    return found;
  };
  const untilReady = async () => {
    const giveUpAt = clock.now() + readyLimitMs;
    for (;;) {
      const { ready, processes } = read() ?? { ready: false, processes: [] };
      if (ready && processes.every(({ status }) => status === 'ready')) return;
      if (launcher.exitCode !== null) throw new Error(`The stack did not start or has ended:\n${complaints}`);
      if (clock.now() > giveUpAt) {
        const waiting = processes.filter(({ status }) => status !== 'ready').map(({ name }) => name);
        throw new Error(`Not ready after a minute: ${waiting.join(', ')}; logs are in ${folder}/logs.`);
      }
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    }
  };
  const untilEnded = async ({ name, pid }: ProcessState) => {
    while (state().processes.some((process) => process.name === name && process.pid === pid))
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
  };
  await untilReady();
  return {
    issuer: `http://127.0.0.1:${String(portBase + 90)}`,
    readBooks: (customerId) => Promise.resolve(readBooks(folder, customerId)),
    ...{ state, untilEnded },
    async untilWhole() {
      await untilReady();
      await untilInUse(state().processes, clock);
    },
    async restart(target) {
      if (target.pid !== null) process.kill(target.pid, 'SIGTERM');
      await untilEnded(target);
    },
    async restartAll() {
      const child = command('restart', '--all');
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [status] = (await once(child, 'exit')) as [number | null];
      if (status !== 0) throw new Error(`restart --all: ${said}`);
    },
    async stop() {
      launcher.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
