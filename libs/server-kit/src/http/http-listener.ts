import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@bff/core';
import { authorityOf, bind, type ListenAddress, type Listener } from '../listener.ts';

export interface HttpListenerOptions {
  handler: RequestListener;
  address: ListenAddress;
  clock: Clock;
  /** Name in logs, `http` unless a process has several. */
  name?: string;
  /** Variable to name when the port is taken. */
  variable?: string;
  /**
   * Answers `GET /readyz` here, too, without a credential: 200, or 503 once the process drains. For callers that
   * balance over instances and know their public address alone, as `grpc.health.v1` is for those over gRPC.
   */
  health?: boolean;
  /**
   * Takes over connections that ask for another protocol (WebSocket): whatever becomes of them is the taker's. Those
   * that are still open when the listener closes are cut with everything else that is left. Without it such requests are
   * ordinary ones.
   */
  onUpgrade?: OnUpgrade;
}

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Longer than the 60 s after which common load balancers drop an idle connection, so that they close first. */
const keepAliveTimeoutMs = 65_000;
/** For the headers, and for the whole request: a client that sends slower than this is cut (408). */
const requestTimeoutMs = 10_000;
const connectionsCheckingIntervalMs = 1_000;
const maxHeaderBytes = 16 * 1024;

/** Serves `handler` over HTTP/1.1 with the workspace's limits and an orderly end. */
export async function startHttpListener(options: HttpListenerOptions): Promise<Listener> {
  const { handler, address, clock, name = 'http', variable = 'PORT', health = false } = options;
  let draining = false;
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionsCheckingIntervalMs,
    },
    (request, response) => {
      // The client learns from its next answer that this connection ends, so it never sends into a closed socket.
      if (draining) response.setHeader('Connection', 'close');
      if (health && request.method === 'GET' && request.url === '/readyz') {
        response.writeHead(draining ? 503 : 200, {
          'content-type': 'text/plain',
          'cache-control': 'no-store',
        });
        response.end(draining ? 'draining\n' : 'ready\n');
        return;
      }
      handler(request, response);
    },
  );
  const upgraded = new Set<Duplex>();
  if (options.onUpgrade) {
    const { onUpgrade } = options;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      onUpgrade(request, socket, head);
    });
  }
  const port = await bind(server, address, variable);
  return {
    name,
    url: `http://${authorityOf(address.host, port)}`,
    drain() {
      draining = true;
    },
    close: (limitMs) =>
      new Promise<void>((resolve) => {
        draining = true;
        const stopTimer = clock.after(limitMs, () => {
          server.closeAllConnections();
          // The server has handed them over and forgotten them, but it waits for them.
          for (const socket of upgraded) socket.destroy();
        });
        server.close(() => {
          stopTimer();
          resolve();
        });
      }),
  };
}
