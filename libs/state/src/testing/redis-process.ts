import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A Redis of a test's own. */
export interface RedisProcess {
  readonly port: number;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Dies as in an accident: nothing is said to clients, and nothing is kept but what is in its folder. */
  kill(): Promise<void>;
}

/**
 * Starts Debian's `redis-server`, on a free port unless one is given. With a folder it keeps its data there, as a Redis for sessions
 * has to. Fails when it is not installed.
 */
export async function startRedis(givenPort?: number, folder?: string): Promise<RedisProcess> {
  // A port that is free now may be taken a moment later.
  for (let attempt = 1; ; attempt++) {
    const port = givenPort ?? (await freePort());
    try {
      return await startOn(port, folder);
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function startOn(port: number, folder: string | undefined): Promise<RedisProcess> {
  const persistence =
    folder === undefined ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--dir', folder];
  const process = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--daemonize', 'no', ...persistence],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' },
  );
  const ended = once(process, 'exit').catch((error: unknown) => {
    throw new Error('redis-server could not be started; install it (Debian: apt-get install redis-server).', {
      cause: error,
    });
  });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    process.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
  const failed = ended.then(() => {
    throw new Error(`redis-server ended: ${output}`);
  });
  failed.catch(() => undefined);
  await Promise.race([ready, failed]);
  return {
    port,
    signal: (name) => process.kill(name),
    async kill() {
      process.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
