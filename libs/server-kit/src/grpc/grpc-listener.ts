import { createServer, type Socket } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import { guardConnections } from '../edge/guard-connections.ts';
import { authorityOf, bind, type ListenAddress, type Listener } from '../listener.ts';
import type { ProcessKit } from '../process-kit.ts';
import { cutLateSenders } from './cut-late-senders.ts';
import type { GrpcServer } from './grpc-server.ts';
import { addHealthService } from './health-service.ts';
import { lastHttp2Server } from './limited-server.ts';

export interface GrpcListenerOptions {
  grpc: GrpcServer;
  address: ListenAddress;
  kit: Pick<ProcessKit, 'clock' | 'logger' | 'audit'>;
  /** TLS, with certificates of clients or without. Default: none, h2c. */
  credentials?: ServerCredentials;
  /** Variable to name when the port is taken. */
  variable?: string;
}

/**
 * Serves a gRPC server over HTTP/2. The listening socket is ours and grpc-js gets its connections handed in, so that
 * connections can be counted and cut one by one. The limits are those of the server.
 */
export async function startGrpcListener(options: GrpcListenerOptions): Promise<Listener> {
  const { grpc, address, kit, variable = 'GRPC_PORT' } = options;
  const { credentials = ServerCredentials.createInsecure() } = options;
  const health = addHealthService(grpc);
  const injector = grpc.server.createConnectionInjector(credentials);
  const senders = cutLateSenders(lastHttp2Server(grpc.server), grpc.limits.receiveTimeoutMs, kit);
  const acceptor = createServer({ noDelay: true });
  const { sockets } = guardConnections(acceptor, grpc.limits, kit);
  acceptor.on('connection', (socket: Socket) => {
    if (!sockets.has(socket)) return;
    const peer = `${socket.remoteAddress ?? ''}:${String(socket.remotePort)}`;
    grpc.peers.set(peer, socket);
    socket.once('close', () => grpc.peers.delete(peer));
    senders.watch(socket);
    injector.injectConnection(socket);
  });
  const port = await bind(acceptor, address, variable);
  return {
    name: 'grpc',
    url: `grpc://${authorityOf(address.host, port)}`,
    drain() {
      health.setServing(false);
    },
    async close(limitMs) {
      health.setServing(false);
      const closed = new Promise<void>((resolve) => {
        acceptor.close(() => {
          resolve();
        });
      });
      const stopTimer = kit.clock.after(limitMs, () => {
        for (const socket of sockets) socket.destroy();
      });
      // Sends GOAWAY; each connection then closes itself after its last call. grpc-js calls back too early for
      // connections that were handed in, so the acceptor, which waits for its sockets, is the one to wait for.
      grpc.server.tryShutdown(() => undefined);
      await closed;
      stopTimer();
    },
  };
}
