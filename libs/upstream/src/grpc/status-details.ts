import type { FieldFault } from '@bff/core';
import { readFields, readNumber, readText, type WireFields } from './wire-fields.ts';

/** What services say about an error beside its status (https://google.aip.dev/193). */
export interface StatusDetails {
  /** `ErrorInfo.reason`. */
  readonly reason: string | undefined;
  /** `BadRequest.field_violations`. */
  readonly faults: readonly FieldFault[];
  /** `RetryInfo.retry_delay`. */
  readonly retryAfterMs: number | undefined;
}

/** Reads `grpc-status-details-bin`, a serialised `google.rpc.Status`; undefined when there is none or it is broken. */
export function readStatusDetails(value: unknown): StatusDetails | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    const details = messages(readFields(value), 3);
    const info = detailOf(details, 'ErrorInfo');
    const badRequest = detailOf(details, 'BadRequest');
    const retry = detailOf(details, 'RetryInfo');
    return {
      reason: info && readText(info, 1),
      faults: badRequest ? messages(badRequest, 1).map(toFault) : [],
      retryAfterMs: retry && readDuration(messages(retry, 1)[0]),
    };
  } catch {
    return undefined;
  }
}

/** `Any`s by the name of their type: `type.googleapis.com/google.rpc.ErrorInfo`. */
function detailOf(details: readonly WireFields[], name: string): WireFields | undefined {
  const detail = details.find((any) => readText(any, 1)?.endsWith(`/google.rpc.${name}`));
  return detail && messages(detail, 2)[0];
}

function messages(fields: WireFields, number: number): WireFields[] {
  const values = fields.get(number) ?? [];
  return values.filter((value) => value instanceof Uint8Array).map((value) => readFields(value));
}

function toFault(violation: WireFields): FieldFault {
  return { field: readText(violation, 1) ?? '', message: readText(violation, 2) ?? '' };
}

/** `google.protobuf.Duration`. */
function readDuration(duration: WireFields | undefined): number | undefined {
  if (duration === undefined) return undefined;
  return (readNumber(duration, 1) ?? 0) * 1_000 + (readNumber(duration, 2) ?? 0) / 1_000_000;
}
