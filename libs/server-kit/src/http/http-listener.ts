import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { guardConnections } from '../edge/guard-connections.ts';
import { withHttpFaults, withUpgradeFaults } from '../faults/with-http-faults.ts';
import { authorityOf, bind, type ListenAddress, type Listener } from '../listener.ts';
import type { ProcessKit } from '../process-kit.ts';
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts';
import { refuseOddRequests } from './refuse-odd-requests.ts';

export interface HttpListenerOptions {
  handler: RequestListener;
  address: ListenAddress;
  kit: Pick<ProcessKit, 'clock' | 'logger' | 'audit' | 'metrics' | 'faults'>;
  /** What is taken from the outside. Default `defaultHttpLimits`. */
  limits?: HttpLimits;
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
   * refused.
   */
  onUpgrade?: OnUpgrade;
}

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const connectionsCheckingIntervalMs = 500;

/** Serves `handler` over HTTP/1.1 with the workspace's limits and an orderly end. */
export async function startHttpListener(options: HttpListenerOptions): Promise<Listener> {
  const { address, kit, name = 'http', variable = 'PORT', health = false, onUpgrade } = options;
  const limits = options.limits ?? defaultHttpLimits;
  // Health stands in front of it: an instance that fails and says that it is well is the hard case.
  const handler = withHttpFaults(kit, options.handler);
  let draining = false;
  const server = createLimitedServer(limits, (request, response) => {
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
  });
  guardConnections(server, limits, kit);
  const upgraded = refuseOddRequests(server, limits, kit, onUpgrade && withUpgradeFaults(kit, onUpgrade));
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
        const stopTimer = kit.clock.after(limitMs, () => {
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

function createLimitedServer(limits: HttpLimits, handler: RequestListener): Server {
  const server = createServer(
    {
      // The parser counts the URI in; `guardRequest` counts exactly.
      maxHeaderSize: limits.maxHeaderBytes + limits.maxUriBytes + 1024,
      keepAliveTimeout: limits.idleTimeoutMs,
      headersTimeout: limits.receiveTimeoutMs,
      requestTimeout: limits.receiveTimeoutMs,
      connectionsCheckingInterval: connectionsCheckingIntervalMs,
      // A missing Host is refused with all other bad ones, as a problem.
      requireHostHeader: false,
    },
    handler,
  );
  // Some versions of node refuse what is over this, others drop it without a word: with one more than is allowed, it shows.
  server.maxHeadersCount = limits.maxHeaderCount + 1;
  // Whoever does not read his answer, or stops in the middle of his request. Streams send something more often.
  server.setTimeout(limits.idleTimeoutMs);
  return server;
}
