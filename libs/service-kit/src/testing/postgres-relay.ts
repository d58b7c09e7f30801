import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface PostgresRelay {
  /** The database's URL, through here. */
  readonly url: URL;
  /** Those that are connected hear nothing more, not even after the thaw, as if the machine were gone. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Stands between a client and PostgreSQL and passes bytes on; listens on a free port unless one is given. */
export async function openPostgresRelay(database: string, port = 0): Promise<PostgresRelay> {
  const url = new URL(database);
  const [farPort, farHost] = [Number(url.port), url.hostname];
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((near) => {
    const far = connect(farPort, farHost);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      // What broke here breaks there.
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
      socket.on('data', (bytes) => {
        if (!isFrozen) other.write(bytes);
      });
    }
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  url.host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
