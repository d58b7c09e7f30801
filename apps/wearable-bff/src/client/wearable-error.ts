import { decodeStatusDetails } from '@bff/contracts';
import { status, type ServiceError } from '@grpc/grpc-js';

/** A call that failed: `status` is gRPC's, `reason` the stable word of `google.rpc.ErrorInfo`. */
export class WearableError extends Error {
  override readonly name = 'WearableError';
  /** `NOT_FOUND`. */
  readonly status: string;
  /** `not_found`; undefined when the server itself said nothing, a lost connection for instance. */
  readonly reason: string | undefined;
  /** After how many milliseconds a repetition makes sense, if the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(cause: ServiceError) {
    super(cause.details, { cause });
    const [bytes] = cause.metadata.get('grpc-status-details-bin');
    const details = bytes instanceof Uint8Array ? decodeStatusDetails(bytes) : undefined;
    this.status = status[cause.code];
    this.reason = details?.code;
    this.retryAfterMs = details?.retryAfterMs;
  }
}
