import type { Server, Socket } from 'node:net';
import { networkOf } from '@bff/admission';
import type { ProcessKit } from '../process-kit.ts';
import { noProxies, type TrustedProxies } from './trusted-proxies.ts';

export interface ConnectionLimits {
  /** Open at the same time, over all peers. */
  maxConnections: number;
  /** Open at the same time from one address (of IPv6, one /64). Trusted proxies bring many clients and are not counted. */
  maxConnectionsPerAddress: number;
  trustProxy: TrustedProxies;
  /** For the headers, and for the whole request. */
  receiveTimeoutMs: number;
  /** Without anything on the connection. */
  idleTimeoutMs: number;
  /** Names and values of all headers, or all metadata. */
  maxHeaderBytes: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  trustProxy: noProxies,
  // With a second for noticing it, within ten.
  receiveTimeoutMs: 9_000,
  // Longer than the 60 s after which common load balancers drop an idle connection, so that they close first.
  idleTimeoutMs: 65_000,
  maxHeaderBytes: 16 * 1024,
};

/** The connections that a listener has let in. */
export interface GuardedConnections {
  readonly sockets: ReadonlySet<Socket>;
}

/**
 * Lets in as many connections as there is room for, whatever is spoken on them. What is too much is reset without an answer:
 * an answer would cost more than the attack. Must be called before anybody else listens for connections in order.
 */
export function guardConnections(
  server: Server,
  { maxConnections, maxConnectionsPerAddress, trustProxy }: ConnectionLimits,
  { audit, logger }: Pick<ProcessKit, 'audit' | 'logger'>,
): GuardedConnections {
  const sockets = new Set<Socket>();
  const perNetwork = new Map<string, number>();
  const release = (network: string) => {
    const left = (perNetwork.get(network) ?? 0) - 1;
    if (left > 0) perNetwork.set(network, left);
    else perNetwork.delete(network);
  };
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress;
    // Gone before it was looked at.
    if (address === undefined) return void socket.destroy();
    const network = trustProxy.trusts(address, 0) ? undefined : networkOf(address);
    const open = network === undefined ? 0 : (perNetwork.get(network) ?? 0);
    const reason =
      sockets.size >= maxConnections
        ? 'too_many_connections'
        : open >= maxConnectionsPerAddress
          ? 'too_many_connections_of_address'
          : undefined;
    if (reason !== undefined) {
      audit({ action: 'connection_refused', outcome: 'refused', reason, address });
      logger.debug({ address, reason }, 'connection refused');
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    if (network !== undefined) perNetwork.set(network, open + 1);
    socket.once('close', () => {
      sockets.delete(socket);
      if (network !== undefined) release(network);
    });
  });
  return { sockets };
}
