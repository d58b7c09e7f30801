/** W3C trace context (https://www.w3.org/TR/trace-context/), the part that every hop carries on. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the span of this process. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Random bytes as hex; an argument, so that tests are deterministic. */
export type RandomHex = (bytes: number) => string;

const pattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Continues the trace of a `traceparent` header, or starts one when it is missing or malformed. */
export function continueTrace(traceparent: string | undefined, randomHex: RandomHex): TraceContext {
  const match = traceparent === undefined ? null : pattern.exec(traceparent);
  const [, traceId, parentId, flags] = match ?? [];
  const spanId = randomHex(8);
  if (!traceId || !parentId || !flags || /^0+$/.test(traceId) || /^0+$/.test(parentId)) {
    return { traceId: randomHex(16), spanId, sampled: false };
  }
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent(trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;
}
