import { AppError, type Context } from '@bff/core';
import { healthOperations, type HealthPort, type ServingStatus } from '@bff/contracts';
import type { GrpcServer } from './grpc-server.ts';

export interface HealthService {
  setServing(serving: boolean): void;
}

/**
 * Serves `grpc.health.v1` for the server as a whole and for each of its services.
 * Own code over the contract's operations: `grpc-health-check` reads a .proto file relative to its own source when it
 * is imported, which no bundle survives.
 */
export function addHealthService(grpc: GrpcServer): HealthService {
  let status: ServingStatus = 'serving';
  const watchers = new Set<() => void>();
  const known = (service: string) => service === '' || grpc.services.has(service);
  const port: HealthPort = {
    check({ service }) {
      if (!known(service))
        return Promise.reject(new AppError('not_found', 'This server has no such service.'));
      return Promise.resolve(status);
    },
    async *watch({ service }, { signal }) {
      let last: ServingStatus | undefined;
      while (!signal.aborted) {
        const now = known(service) ? status : 'service_unknown';
        if (now !== last) yield now;
        last = now;
        await nextChange(watchers, signal);
      }
    },
  };
  grpc.unary(healthOperations.check, port.check.bind(port), { anonymous: true });
  grpc.stream(healthOperations.watch, port.watch.bind(port), { anonymous: true });
  return {
    setServing(serving) {
      status = serving ? 'serving' : 'not_serving';
      for (const notify of [...watchers]) notify();
    },
  };
}

function nextChange(watchers: Set<() => void>, signal: Context['signal']): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      watchers.delete(finish);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    watchers.add(finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
