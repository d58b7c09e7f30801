import { createServer } from 'node:net';
import { CommandError } from '../command/command-error.ts';
import type { Entry } from './topology.ts';

/** The default of `--port-base`. */
export const defaultPortBase = 8000;

const offsets: Readonly<Record<Entry | 'identity', number>> = {
  gateway: 80,
  web: 81,
  mobile: 82,
  wearable: 83,
  identity: 90,
};

/** From an entry of the first process to that of the second: edge B of level 4 is at 181 to 183. */
const secondOffset = 100;

/** The port of an entry or of the identity provider; undefined for the third process and later ones, which take any. */
export function fixedPort(portBase: number, of: keyof typeof offsets, index: number): number | undefined {
  return index > 1 ? undefined : portBase + offsets[of] + index * secondOffset;
}

/** The highest `--port-base` for which all ports exist. */
export const maxPortBase = 65_535 - 183;

/**
 * Resolves with whether `port` can be listened on. Throws a `CommandError` when `host` is no address of this machine.
 */
export async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false);
      else
        reject(
          new CommandError(
            `HOST: cannot listen on ${host} (${code ?? 'unknown'}); use 127.0.0.1 or 0.0.0.0.`,
          ),
        );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const firstFreePort = 20_000;
const lastFreePort = 32_000;

/**
 * Finds `count` ports that nobody listens on. They lie below the range from which systems take the ports of outgoing
 * connections: a process that is started again must find its port free.
 */
export async function findFreePorts(
  count: number,
  { host, random }: { host: string; random: () => number },
): Promise<number[]> {
  const found: number[] = [];
  const span = lastFreePort - firstFreePort;
  const start = Math.floor(random() * span);
  for (let step = 0; step < span && found.length < count; step++) {
    const port = firstFreePort + ((start + step) % span);
    if (await isFree(host, port)) found.push(port);
  }
  if (found.length < count) {
    throw new CommandError(
      `No free ports from ${firstFreePort} to ${lastFreePort} on ${host}; stop something.`,
    );
  }
  return found;
}
