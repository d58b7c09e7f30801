import { AppError, isErrorCode, type ErrorCode, type FieldFault } from '@bff/core';
import { grpcStatusOf } from './error-mapping.ts';
import { BadRequest, ErrorInfo, RetryInfo } from './generated/google/rpc/error_details.ts';
import { Status } from './generated/google/rpc/status.ts';

/** `domain` of every ErrorInfo that this workspace sends. */
export const errorDomain = 'gateway-workspace';

export interface StatusDetails {
  code: ErrorCode | undefined;
  faults: FieldFault[];
  retryAfterMs: number | undefined;
}

const typeUrl = (name: string) => `type.googleapis.com/google.rpc.${name}`;

function detail(name: string, value: Uint8Array) {
  return { typeUrl: typeUrl(name), value: Buffer.from(value) };
}

/** Encodes `grpc-status-details-bin` (google.rpc.Status): the exact code, the faults, the delay before a retry. */
export function encodeStatusDetails(error: AppError): Buffer {
  const errorInfo = { reason: error.code.toUpperCase(), domain: errorDomain, metadata: {} };
  const details = [detail('ErrorInfo', ErrorInfo.encode(errorInfo).finish())];
  if (error.faults.length > 0) {
    const fieldViolations = error.faults.map(({ field, message }) => ({ field, description: message }));
    details.push(detail('BadRequest', BadRequest.encode({ fieldViolations }).finish()));
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.trunc(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs - seconds * 1000) * 1e6);
    const retryDelay = { seconds: BigInt(seconds), nanos };
    details.push(detail('RetryInfo', RetryInfo.encode({ retryDelay }).finish()));
  }
  return Buffer.from(
    Status.encode({ code: grpcStatusOf(error.code), message: error.message, details }).finish(),
  );
}

/** Reads back what `encodeStatusDetails` wrote; unknown details are passed over. Throws on bytes that are no Status. */
export function decodeStatusDetails(bytes: Uint8Array): StatusDetails {
  const result: StatusDetails = { code: undefined, faults: [], retryAfterMs: undefined };
  for (const { typeUrl: url, value } of Status.decode(bytes).details) {
    if (url === typeUrl('ErrorInfo')) {
      const code = ErrorInfo.decode(value).reason.toLowerCase();
      if (isErrorCode(code)) result.code = code;
    } else if (url === typeUrl('BadRequest')) {
      result.faults = BadRequest.decode(value).fieldViolations.map(({ field, description }) => ({
        field,
        message: description,
      }));
    } else if (url === typeUrl('RetryInfo')) {
      const delay = RetryInfo.decode(value).retryDelay;
      if (delay) result.retryAfterMs = Number(delay.seconds) * 1000 + delay.nanos / 1e6;
    }
  }
  return result;
}
