import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningHaproxy {
  /** Where it listens, by the port of the configuration. */
  readonly ports: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

/**
 * Runs HAProxy with the configuration of `compose.yaml`, but for what only Docker has: free ports on the loopback interface instead of its
 * own, and known instances, by the name that Docker would resolve, instead of those that are looked up and checked.
 * Fails with what HAProxy says when the configuration is not valid, or when there is no HAProxy.
 */
export async function runHaproxy(
  configuration: string,
  instances: Readonly<Record<string, readonly number[]>>,
): Promise<RunningHaproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'haproxy-'));
  const bound = [...configuration.matchAll(/^ *bind :(\d+)/gm)].map(([, port]) => Number(port));
  const ports = new Map(await Promise.all(bound.map(async (port) => [port, await freePort()] as const)));
  const local = configuration
    .replace(/^( *bind ):(\d+)/gm, (_, bind: string, port) => `${bind}127.0.0.1:${at(ports, Number(port))}`)
    .replace(/^ *default-server .*$/m, '')
    .replace(/^ *server-template \S+ \d+ ([\w-]+):\d+(.*)$/gm, (_, name: string, rest: string) =>
      (instances[name] ?? []).map((port, n) => `  server ${name}-${n} 127.0.0.1:${port}${rest}`).join('\n'),
    );
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, local);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = Promise.race([
    once(child, 'exit').then(() => new Error(`HAProxy ended: ${said}`)),
    once(child, 'error').then(
      ([cause]) =>
        new Error('HAProxy could not be started; install it (Debian: apt-get install haproxy).', { cause }),
    ),
  ]);
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const listening = Promise.all([...ports.values()].map(accepting)).then(() => undefined);
  const failure = await Promise.race([ended, listening]);
  if (failure === undefined) return { ports, stop };
  await rm(folder, { recursive: true, force: true });
  throw failure;
}

function at(ports: ReadonlyMap<number, number>, port: number): string {
  return String(ports.get(port) ?? port);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when somebody accepts connections at the port; HAProxy does not say when it does. */
async function accepting(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Nothing accepts connections at port ${String(port)}.`);
}
