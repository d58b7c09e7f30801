import type { Server } from 'node:net';
import { ConfigurationError } from './configuration.ts';

/** One listening socket of a process. */
export interface Listener {
  /** `http`, `grpc`, `admin`. */
  readonly name: string;
  readonly url: string;
  /** Tells clients to move on; requests are still served. */
  drain(): void;
  /** Accepts nothing more, waits for what is in flight, cuts what is left after `limitMs`. */
  close(limitMs: number): Promise<void>;
}

export interface ListenAddress {
  host: string;
  /** 0 for any free port. */
  port: number;
}

/**
 * Connections that wait to be accepted, as far as the kernel lets them (`net.core.somaxconn`). With Node's 511 a burst of a
 * thousand clients overflows the queue while the process is at work; those that are dropped come back a second later.
 */
const backlog = 4_096;

/**
 * Binds `server`; resolves with the port it got. A port that is taken, or may not be used, becomes a
 * `ConfigurationError` that names the variable to change.
 */
export async function bind(server: Server, { host, port }: ListenAddress, variable: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      reject(explainBindError(error, host, port, variable));
    };
    server.once('error', fail);
    server.listen({ port, host, backlog }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** EAI_AGAIN: no name server to ask; EINVAL: a link-local address without its interface. */
const notOurs: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EINVAL',
  'EAFNOSUPPORT',
]);

function explainBindError(error: NodeJS.ErrnoException, host: string, port: number, variable: string): Error {
  const where = `${variable}: port ${String(port)} on ${host}`;
  if (error.code === 'EADDRINUSE') {
    return new ConfigurationError([
      `${where} is taken; stop the process that uses it or choose another ${variable}.`,
    ]);
  }
  if (error.code === 'EACCES') {
    return new ConfigurationError([
      `${where} may not be used by this user; choose a ${variable} above 1023.`,
    ]);
  }
  if (notOurs.has(error.code)) {
    return new ConfigurationError([
      `HOST: ${host} is not an address of this machine; use 127.0.0.1 or 0.0.0.0.`,
    ]);
  }
  return error;
}

/** `host:port` as it stands in a URL. */
export function authorityOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
