import type { AppError, Context, TraceContext } from '@bff/core';

/** One timed piece of work in a trace. */
export interface Span {
  /** The context with which the work goes on: its trace's `spanId` is this span, so calls below become its children. */
  readonly context: Context;
  /** Names another span that this one is about without being its child: the call that it shares. */
  link(other: TraceContext): void;
  /** Ends the span, exactly once; `error` with its cause is for the trace and not for the client. */
  end(error?: AppError): void;
}

/** Starts a span below `context.trace`; an OpenTelemetry adapter is a few lines. Must not throw. */
export type StartSpan = (name: string, context: Context) => Span;
