import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { userEnvironment, workspaceRoot } from './workspace.ts';

/** An app as a process of its own, on ports that it chose itself. */
export interface AppProcess {
  /** Addresses by listener: `http`, `admin`, for the edge `web`, … */
  readonly listeners: Readonly<Record<string, string>>;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts `apps/<main>` with these variables; resolves when it says that it is ready. */
export async function startApp(main: string, environment: Record<string, string>): Promise<AppProcess> {
  const child = fork(join(workspaceRoot, 'apps', main), [], {
    cwd: workspaceRoot,
    execArgv: [],
    env: { ...userEnvironment(), PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const said = once(child, 'message').then(([message]) => message as { listeners: Record<string, string> });
  const ready = await Promise.race([said, exited.then(() => undefined)]);
  if (ready === undefined) throw new Error(`apps/${main} ended before it was ready.`);
  return {
    listeners: ready.listeners,
    pid: child.pid ?? NaN,
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
