import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePortBase } from './free-port-base.ts';
import { runCommand, type Finished } from './run-command.ts';
import { until } from './until.ts';
import { userEnvironment, workspaceRoot } from './workspace.ts';

export interface ProcessState {
  name: string;
  app: string;
  pid: number | null;
  url: string;
  grpc?: string;
  admin: string;
  status: string;
}

/** `.stack/state.json`. */
export interface StackState {
  level: number;
  ready: boolean;
  entries: Record<'gateway' | 'web' | 'mobile' | 'wearable', string[]>;
  processes: ProcessState[];
}

export interface RunningStack {
  readonly launcher: ChildProcess;
  readonly portBase: number;
  /** The stack's own folder. */
  readonly folder: string;
  /** Standard output and standard error of the launcher up to now. */
  output(): string;
  /** Undefined once the stack is gone. */
  state(): StackState | undefined;
  /** The process of this name, or the first one of this app, as it is now. */
  process(name: string): ProcessState;
  /** Waits until the process of `app` is in `status`. */
  untilStatus(app: string, status: string): Promise<ProcessState>;
  /** Kills the process of `app` as a crash would. */
  kill(app: string): Promise<void>;
  /** Replaces the faults of a service; none heals it. */
  setFaults(app: string, faults: object): Promise<void>;
  /** Runs a command in the workspace with this stack as the running one. */
  run(command: string): Promise<Finished>;
  token(user: string, client: string, audience?: string): Promise<string>;
  /** Sends a signal to the launcher and waits for its end; resolves with its exit status. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  remove(): Promise<void>;
}

/** Starts a level as `npm start` does, in a folder and on ports of its own, with further variables; resolves when it is ready. */
export async function startStack(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningStack> {
  const folder = mkdtempSync(join(tmpdir(), 'acceptance-'));
  const portBase = await findFreePortBase();
  const launcher = spawn(
    process.execPath,
    ['tools/stack/src/main.ts', 'start', '--port-base', String(portBase), ...args],
    {
      cwd: workspaceRoot,
      env: { ...userEnvironment(), ...environment, STACK_DIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stack = createHandle(launcher, folder, portBase);
  await until('the stack is ready and has said so', () => {
    if (launcher.exitCode !== null) throw new Error(`The stack did not start:\n${stack.output()}`);
    return stack.state()?.ready === true && stack.output().includes('Try:\n');
  });
  // The commands to try are the last that a start prints.
  await until('the commands to try', () => /Try:\n(.+\n){3}/.test(stack.output()));
  return stack;
}

function createHandle(launcher: ChildProcess, folder: string, portBase: number): RunningStack {
  let output = '';
  const collect = (chunk: Buffer) => void (output += chunk.toString());
  launcher.stdout?.on('data', collect);
  launcher.stderr?.on('data', collect);
  const ended = new Promise<number | null>((resolve) => {
    launcher.once('exit', (code) => resolve(code));
  });
  const run = (command: string) => runCommand(command, { STACK_DIR: folder });
  const stack: RunningStack = {
    ...{ launcher, portBase, folder, run },
    output: () => output,
    state: () => readState(folder),
    process(app) {
      const { processes = [] } = stack.state() ?? {};
      const found =
        processes.find(({ name }) => name === app) ?? processes.find((candidate) => candidate.app === app);
      if (!found) throw new Error(`No ${app} in the state of the stack.`);
      return found;
    },
    untilStatus: (app, status) =>
      until(`${app} is ${status}`, () => {
        const found = stack.process(app);
        return found.status === status ? found : undefined;
      }),
    async kill(app) {
      process.kill(stack.process(app).pid ?? NaN, 'SIGKILL');
      await stack.untilStatus(app, 'restarting');
    },
    async setFaults(app, faults) {
      const response = await fetch(`${stack.process(app).admin}/faults`, {
        method: 'PUT',
        body: JSON.stringify(faults),
      });
      if (!response.ok) throw new Error(`${app} refuses the faults: ${await response.text()}`);
    },
    token: (user, client, audience) => printToken(run, user, client, audience),
    end(signal) {
      launcher.kill(signal);
      return ended;
    },
    async remove() {
      if (launcher.exitCode === null && launcher.signalCode === null) await stack.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stack;
}

function readState(folder: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

async function printToken(
  run: RunningStack['run'],
  user: string,
  client: string,
  audience?: string,
): Promise<string> {
  const options = audience === undefined ? '' : ` --audience ${audience}`;
  const { status, stdout, stderr } = await run(
    `node tools/stack/src/main.ts token --user ${user} --client ${client}${options}`,
  );
  if (status !== 0) throw new Error(`No token: ${stderr}`);
  return stdout.trim();
}

/** Does this process still run? One that has ended and only waits for its parent to take note does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // Linux: the state follows the name, which stands in brackets and may hold anything.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('Z');
  } catch {
    return !existsSync('/proc/self/stat');
  }
}
