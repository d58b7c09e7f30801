import type { GrpcServer } from '@bff/server-kit';
import type { BoundOperation } from './port-operations.ts';

/** Serves every operation over gRPC. */
export function mountGrpc(grpc: GrpcServer, operations: readonly BoundOperation[]): void {
  for (const bound of operations) {
    // The pair of one row always agrees in its kind; TypeScript does not narrow one field by the other's.
    if (bound.operation.kind === 'unary') {
      grpc.unary(bound.operation, bound.call as Parameters<typeof grpc.unary<unknown, unknown>>[1]);
    } else {
      grpc.stream(bound.operation, bound.call as Parameters<typeof grpc.stream<unknown, unknown>>[1]);
    }
  }
}
