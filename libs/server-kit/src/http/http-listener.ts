import { createServer, type RequestListener } from 'node:http';
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
}

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
        });
        server.close(() => {
          stopTimer();
          resolve();
        });
      }),
  };
}
