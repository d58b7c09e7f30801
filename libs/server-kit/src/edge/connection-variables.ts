import type { z } from 'zod';
import { count } from '../variables.ts';
import { defaultConnectionLimits } from './guard-connections.ts';
import { trustProxy } from './trusted-proxies.ts';

/** What every public listener understands, whatever is spoken on it. */
export const connectionVariables = () => ({
  TRUST_PROXY: trustProxy(),
  MAX_CLIENT_CONNECTIONS: count(
    defaultConnectionLimits.maxConnections,
    'Connections of clients that are open at the same time.',
  ),
  MAX_CONNECTIONS_PER_ADDRESS: count(
    defaultConnectionLimits.maxConnectionsPerAddress,
    'The same of one address, of IPv6 one /64; those of trusted proxies are not counted.',
  ),
  RECEIVE_TIMEOUT_MS: count(
    defaultConnectionLimits.receiveTimeoutMs,
    'How long a client may take to send its headers, and its whole request; slower is cut (408).',
  ),
  IDLE_TIMEOUT_MS: count(
    defaultConnectionLimits.idleTimeoutMs,
    'After how long an idle connection is closed; longer than the load balancer in front waits (often 60 s), so that it closes first.',
  ),
  MAX_HEADER_BYTES: count(
    defaultConnectionLimits.maxHeaderBytes,
    'All header fields, or all gRPC metadata, of a request; more is refused (431).',
  ),
});

type ConnectionConfiguration = z.output<z.ZodObject<ReturnType<typeof connectionVariables>>>;

export function readConnectionLimits(configuration: ConnectionConfiguration) {
  return {
    trustProxy: configuration.TRUST_PROXY,
    maxConnections: configuration.MAX_CLIENT_CONNECTIONS,
    maxConnectionsPerAddress: configuration.MAX_CONNECTIONS_PER_ADDRESS,
    receiveTimeoutMs: configuration.RECEIVE_TIMEOUT_MS,
    idleTimeoutMs: configuration.IDLE_TIMEOUT_MS,
    maxHeaderBytes: configuration.MAX_HEADER_BYTES,
  };
}
