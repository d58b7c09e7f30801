import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { AppError } from '@bff/core';
import { encodeStatusDetails, grpcStatusOf } from '@bff/contracts';

/** What grpc-js sends as the end of a failed call: status, message and google.rpc.Status details. */
export function grpcErrorOf(
  thrown: unknown,
  requestId?: string,
): Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  const error = AppError.from(thrown);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatusDetails(error));
  if (requestId !== undefined) metadata.set('x-request-id', requestId);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the contract's table holds the numbers of this enum
  return { code: grpcStatusOf(error.code), details: error.message, metadata };
}
