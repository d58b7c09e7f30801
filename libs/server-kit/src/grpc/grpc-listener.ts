import { createServer, type Socket } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Clock } from '@bff/core';
import { authorityOf, bind, type ListenAddress, type Listener } from '../listener.ts';
import type { GrpcServer } from './grpc-server.ts';
import { addHealthService } from './health-service.ts';

export interface GrpcListenerOptions {
  grpc: GrpcServer;
  address: ListenAddress;
  clock: Clock;
  /** Variable to name when the port is taken. */
  variable?: string;
}

export interface GrpcListener extends Listener {
  /** Cuts the connection of `peer` (`address:port`) with a TCP reset: a fault to be tested with. */
  resetPeer(peer: string): void;
}

/**
 * Serves a gRPC server over HTTP/2 without TLS. The listening socket is ours and grpc-js gets its connections
 * handed in, so that connections can be counted and cut one by one.
 */
export async function startGrpcListener(options: GrpcListenerOptions): Promise<GrpcListener> {
  const { grpc, address, clock, variable = 'GRPC_PORT' } = options;
  const health = addHealthService(grpc);
  const injector = grpc.server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();
  const acceptor = createServer({ noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress ?? ''}:${String(socket.remotePort)}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  const port = await bind(acceptor, address, variable);
  return {
    name: 'grpc',
    url: `grpc://${authorityOf(address.host, port)}`,
    resetPeer: (peer) => void sockets.get(peer)?.resetAndDestroy(),
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
      const stopTimer = clock.after(limitMs, () => {
        for (const socket of sockets.values()) socket.destroy();
      });
      // Sends GOAWAY; each connection then closes itself after its last call. grpc-js calls back too early for
      // connections that were handed in, so the acceptor, which waits for its sockets, is the one to wait for.
      grpc.server.tryShutdown(() => undefined);
      await closed;
      stopTimer();
    },
  };
}
