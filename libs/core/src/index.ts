export { stack, type Call, type Filter } from './call.ts';
export { systemClock, type CancelTimer, type Clock } from './clock.ts';
export {
  deadlineExceeded,
  openChild,
  openContext,
  throwIfEnded,
  type Context,
  type ContextScope,
  type OpenChildOptions,
  type OpenContextOptions,
} from './context.ts';
export { Deadline } from './deadline.ts';
export {
  AppError,
  errorCodes,
  isErrorCode,
  type AppErrorOptions,
  type ErrorCode,
  type FieldFault,
} from './errors.ts';
export { hasRole, type Principal } from './principal.ts';
export { Secret } from './secret.ts';
export { continueTrace, formatTraceparent, type RandomHex, type TraceContext } from './trace.ts';
export { untilEnded } from './until-ended.ts';
