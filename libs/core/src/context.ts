import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { AppError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { TraceContext } from './trace.ts';

/** What travels with one request through every layer. Immutable; narrowed with `openChild`. */
export interface Context {
  /** Aborts when the client is gone or the deadline has passed; its reason is an `AppError`. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Undefined on anonymous requests. */
  readonly principal: Principal | undefined;
  /** Makes a write safe to repeat; undefined when the caller gave none. */
  readonly idempotencyKey: string | undefined;
  /** The tier in front sent this request as a further attempt of its own: here and below it is tried once. */
  readonly retried?: boolean;
}

/** A context together with the means to end it. Whoever opens a scope closes it, in a `finally`. */
export interface ContextScope {
  readonly context: Context;
  /** Ends the work under this scope; its signal aborts with `reason`. */
  cancel(reason: AppError): void;
  /** Removes the timer and the listeners. The work is done; nothing is aborted. */
  close(): void;
}

export interface OpenContextOptions extends Omit<Context, 'signal' | 'deadline'> {
  clock: Clock;
  /** Milliseconds until the deadline. */
  timeoutMs: number;
}

/** Opens the scope of one request: one controller and one timer, whatever the fan-out below. */
export function openContext(options: OpenContextOptions): ContextScope {
  const { clock, timeoutMs, ...carried } = options;
  return openScope({ ...carried, deadline: Deadline.after(timeoutMs, clock) }, clock, undefined);
}

export interface OpenChildOptions {
  clock: Clock;
  /** The child ends after this many milliseconds, or with its parent if that is sooner. */
  timeoutMs: number;
}

/** A narrower scope under `parent`: it ends with the parent, at its own deadline, or by `cancel`. */
export function openChild(parent: Context, options: OpenChildOptions): ContextScope {
  const deadline = parent.deadline.within(options.timeoutMs);
  return openScope({ ...parent, deadline }, options.clock, parent.signal);
}

/** Throws the reason why the context has ended, if it has. */
export function throwIfEnded(context: Context): void {
  if (context.signal.aborted) throw AppError.from(context.signal.reason);
  if (context.deadline.expired) throw deadlineExceeded();
}

export function deadlineExceeded(cause?: unknown): AppError {
  return new AppError('deadline_exceeded', 'The deadline passed before the answer was complete.', { cause });
}

function openScope(
  fields: Omit<Context, 'signal'>,
  clock: Clock,
  parent: AbortSignal | undefined,
): ContextScope {
  // A controller of its own instead of AbortSignal.any: a composed signal on a long-lived parent
  // is kept alive by it, a listener that `close` removes is not.
  const controller = new AbortController();
  const stopTimer = clock.after(fields.deadline.remainingMs(), () => {
    controller.abort(deadlineExceeded());
  });
  const follow = () => {
    controller.abort(parent?.reason);
  };
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  const close = () => {
    stopTimer();
    parent?.removeEventListener('abort', follow);
  };
  return {
    context: { ...fields, signal: controller.signal },
    cancel(reason) {
      close();
      controller.abort(reason);
    },
    close,
  };
}
