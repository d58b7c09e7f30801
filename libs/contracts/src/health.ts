import type { Context } from '@bff/core';
import {
  HealthCheckResponse_ServingStatus as Serving,
  HealthDefinition,
} from './generated/grpc/health/v1/health.ts';
import { asIs, serverStream, unary, type Mapping, type OperationsOf } from './operation.ts';

/** What a gRPC server says of itself; `service_unknown` only in a watch. */
export type ServingStatus = 'unknown' | 'serving' | 'not_serving' | 'service_unknown';

/** The standard health service, `grpc.health.v1`. An empty name asks for the server as a whole. */
export interface HealthPort {
  /** Throws `not_found` for a service that is not served here. */
  check(request: { service: string }, context: Context): Promise<ServingStatus>;
  /** The status now and whenever it changes. */
  watch(request: { service: string }, context: Context): AsyncIterable<ServingStatus>;
}

const numbers: Readonly<Record<ServingStatus, Serving>> = {
  unknown: Serving.UNKNOWN,
  serving: Serving.SERVING,
  not_serving: Serving.NOT_SERVING,
  service_unknown: Serving.SERVICE_UNKNOWN,
};
const names: readonly ServingStatus[] = ['unknown', 'serving', 'not_serving', 'service_unknown'];

const statusResponse: Mapping<ServingStatus, { status: Serving }> = {
  toMessage: (status) => ({ status: numbers[status] }),
  fromMessage: (message) => names[message.status] ?? 'unknown',
};

export const healthOperations = {
  check: unary(HealthDefinition, HealthDefinition.methods.check, {
    safety: 'safe',
    request: asIs(),
    response: statusResponse,
  }),
  watch: serverStream(HealthDefinition, HealthDefinition.methods.watch, {
    safety: 'safe',
    request: asIs(),
    response: statusResponse,
  }),
} satisfies OperationsOf<HealthPort>;
