import type { Http2Server, ServerOptions } from 'node:http2';
import { Server } from '@grpc/grpc-js';
import type { GrpcLimits } from './grpc-limits.ts';

/** What grpc-js keeps to itself, as far as it is needed here. */
interface Internals {
  readonly commonServerOptions?: ServerOptions;
  readonly http2Servers?: ReadonlyMap<Http2Server, unknown>;
}

/** Frames that make no sense, and streams that are over the limit, which one connection may send; node's default for both is more. */
const maxInvalidFrames = 100;
/** Far above what calls of 1 MB need; grpc-js takes the limit away. In megabytes. */
const maxSessionMemory = 64;

/**
 * A grpc-js server within these limits. Some of them grpc-js has no option for: they are set on the HTTP/2 options that it
 * will use. If a later version keeps those elsewhere, this throws, instead of serving without them.
 */
export function createLimitedServer(limits: GrpcLimits, maxMessageBytes: number): Server {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
    'grpc.keepalive_time_ms': limits.keepAliveMs,
    'grpc.keepalive_timeout_ms': limits.keepAliveMs,
    'grpc.max_connection_idle_ms': limits.idleTimeoutMs,
    'grpc-node.max_session_memory': maxSessionMemory,
  });
  const { commonServerOptions } = server as unknown as Internals;
  if (!commonServerOptions) throw new Error('grpc-js keeps its HTTP/2 options elsewhere.');
  Object.assign(commonServerOptions, {
    streamResetRate: limits.maxResetsPerSecond,
    streamResetBurst: 10 * limits.maxResetsPerSecond,
    maxSessionInvalidFrames: maxInvalidFrames,
  } satisfies ServerOptions);
  return server;
}

/** The HTTP/2 server that grpc-js made last, with its `createConnectionInjector`. */
export function lastHttp2Server(server: Server): Http2Server {
  const made = [...((server as unknown as Internals).http2Servers?.keys() ?? [])].at(-1);
  if (!made) throw new Error('grpc-js keeps its HTTP/2 servers elsewhere.');
  return made;
}
