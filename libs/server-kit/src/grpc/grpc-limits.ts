import type { z } from 'zod';
import { connectionVariables, readConnectionLimits } from '../edge/connection-variables.ts';
import { defaultConnectionLimits, type ConnectionLimits } from '../edge/guard-connections.ts';
import { count } from '../variables.ts';

/** What a gRPC server takes from the outside. */
export interface GrpcLimits extends ConnectionLimits {
  /** Calls that one connection may have in flight; grpc-js by itself sets no limit, and each may hold 64 KB. */
  maxStreamsPerConnection: number;
  /**
   * Calls that one connection may give up in a second for longer; ten times as many at once. More is rapid reset
   * (CVE-2023-44487): work is begun and thrown away faster than any limit on calls in flight could see. It is cut.
   */
  maxResetsPerSecond: number;
  /** After how long a silent connection is asked for a sign of life, which it has as long to give. */
  keepAliveMs: number;
}

export const defaultGrpcLimits: GrpcLimits = {
  ...defaultConnectionLimits,
  maxStreamsPerConnection: 1_000,
  maxResetsPerSecond: 100,
  keepAliveMs: 20_000,
};

/** The variables of every gRPC server. */
export const grpcVariables = () => ({
  ...connectionVariables(),
  MAX_STREAMS_PER_CONNECTION: count(
    defaultGrpcLimits.maxStreamsPerConnection,
    'gRPC calls that one connection may have in flight.',
  ),
  MAX_RESETS_PER_SECOND: count(
    defaultGrpcLimits.maxResetsPerSecond,
    'gRPC calls that one connection may give up in a second, and ten times as many at once; it is cut after that.',
  ),
  KEEPALIVE_MS: count(
    defaultGrpcLimits.keepAliveMs,
    'After how long without a frame a gRPC connection is asked for a sign of life, and how long it has for it.',
  ),
});

export type GrpcConfiguration = z.output<z.ZodObject<ReturnType<typeof grpcVariables>>>;

export function readGrpcLimits(configuration: GrpcConfiguration): GrpcLimits {
  return {
    ...readConnectionLimits(configuration),
    maxStreamsPerConnection: configuration.MAX_STREAMS_PER_CONNECTION,
    maxResetsPerSecond: configuration.MAX_RESETS_PER_SECOND,
    keepAliveMs: configuration.KEEPALIVE_MS,
  };
}
