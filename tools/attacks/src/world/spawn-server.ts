import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server of the workspace in a process of its own. */
export interface SpawnedServer {
  readonly listeners: Readonly<Record<string, string>>;
  readonly isAlive: () => boolean;
  /** What it tells its parent after it is ready. */
  onMessage(listener: (message: unknown) => void): void;
  stop(): Promise<void>;
}

interface Ready {
  type: 'ready';
  listeners: Record<string, string>;
}

/**
 * Starts `apps/APP`, or the edge of api-gateway, on free ports; resolves when it is ready. Rejects with what it printed when it ends before.
 * @param preload a module that the process loads before the app
 */
export async function spawnServer(
  app: string,
  environment: Readonly<Record<string, string>>,
  preload?: URL,
): Promise<SpawnedServer> {
  const main = fileURLToPath(
    new URL(
      `../../../../apps/${app === 'edge' ? 'api-gateway/src/edge' : `${app}/src`}/main.ts`,
      import.meta.url,
    ),
  );
  const child = spawn(process.execPath, [...(preload ? ['--import', preload.href] : []), main], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      GRPC_PORT: '0',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'fatal',
      SHUTDOWN_TIMEOUT_MS: '200',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const printed: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk));
  const exited = once(child, 'exit');
  const [message] = (await Promise.race([once(child, 'message'), exited.then(() => [])])) as [Ready?];
  if (!message) throw new Error(`${app} did not start: ${Buffer.concat(printed).toString()}`);
  return {
    listeners: message.listeners,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    onMessage: (listener) => void child.on('message', listener),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
