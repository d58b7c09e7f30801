import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface SpawnedService {
  readonly process: ChildProcess;
  readonly httpUrl: string;
  readonly adminUrl: string;
  /** `127.0.0.1:41002`. */
  readonly grpcAddress: string;
  /** Ends the process; resolves when it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

interface ReadyMessage {
  listeners: Record<'http' | 'grpc' | 'admin', string>;
}

/** Starts an app's `main.ts` as a process of its own on free ports; resolves when it is ready. */
export async function spawnService(
  mainFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<SpawnedService> {
  const child = spawn(process.execPath, [mainFile], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      HOST: '127.0.0.1',
      PORT: '0',
      GRPC_PORT: '0',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [undefined]),
  ])) as [ReadyMessage | undefined];
  if (!message) throw new Error(`${mainFile} did not start: ${Buffer.concat(errors).toString()}`);
  const { http, grpc, admin } = message.listeners;
  return {
    process: child,
    httpUrl: http,
    adminUrl: admin,
    grpcAddress: grpc.replace('grpc://', ''),
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}
