import { status } from '@grpc/grpc-js';
import {
  AppError,
  untilEnded,
  throwIfEnded,
  type Context,
  type ContextScope,
  type Principal,
} from '@bff/core';
import { grpcStatusOf, type Operation } from '@bff/contracts';
import { logFields } from '@bff/observability';
import type { ProcessKit } from '../process-kit.ts';
import { openCallScope, readText, type IncomingCall } from './call-context.ts';
import { grpcErrorOf } from './grpc-status.ts';

/** What a gate may want to know of a call beside its context. */
export interface CallInfo {
  /** `/commerce.order.v1.OrderService/GetOrder`. */
  readonly rpcPath: string;
  readonly name: string;
  /** `address:port` that the call came from. */
  readonly peer: string;
}

/** Runs before each authenticated call; throws to refuse it. */
export type CallGate = (info: CallInfo, context: Context) => Promise<void> | void;

export interface CallEnvironment {
  kit: ProcessKit;
  authenticate: (authorization: string | undefined) => Promise<Principal>;
  gates: readonly CallGate[];
}

export interface CallSettings {
  operation: Pick<Operation<never, never>, 'name' | 'rpcPath'>;
  limitMs: number;
  /** Served without a principal and without gates: health. */
  anonymous: boolean;
  /** A stream: it has no end of its own, so it ends with `unavailable` when the process drains. */
  endsAtDrain: boolean;
}

type ServerCall = IncomingCall & { getPeer(): string };

/**
 * What every call does around its work: context → authentication → gates → work → metrics and access log.
 * Rejects with what grpc-js sends as the call's end.
 */
export async function runCall<T>(
  environment: CallEnvironment,
  settings: CallSettings,
  call: ServerCall,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { kit } = environment;
  const startedAt = kit.clock.now();
  let scope: ContextScope | undefined;
  let context: Context | undefined;
  let failure: AppError | undefined;
  const admitAndWork = async (opened: Context) => {
    if (settings.anonymous) return work(opened);
    const principal = await environment.authenticate(readText(call.metadata, 'authorization'));
    const admitted = (context = { ...opened, principal });
    const info: CallInfo = { ...settings.operation, peer: call.getPeer() };
    for (const gate of environment.gates) await gate(info, admitted);
    throwIfEnded(admitted);
    return work(admitted);
  };
  const moveOn = () => scope?.cancel(AppError.from(kit.drain.reason));
  try {
    scope = openCallScope(call, kit, settings.limitMs);
    ({ context } = scope);
    if (settings.endsAtDrain) kit.drain.addEventListener('abort', moveOn);
    // Authentication may wait for the issuer's keys: the deadline is over all of it.
    return await untilEnded(admitAndWork(context), context.signal);
  } catch (thrown) {
    failure = AppError.from(thrown);
    throw Object.assign(new Error(failure.message), grpcErrorOf(failure, context?.requestId));
  } finally {
    kit.drain.removeEventListener('abort', moveOn);
    scope?.close();
    record(kit, settings, kit.clock.now() - startedAt, context, failure);
  }
}

function record(
  kit: ProcessKit,
  { operation, anonymous }: CallSettings,
  durationMs: number,
  context: Context | undefined,
  failure: AppError | undefined,
): void {
  const code = status[failure ? grpcStatusOf(failure.code) : 0] ?? 'UNKNOWN';
  kit.metrics.rpcRequest({ route: operation.rpcPath, method: operation.name, status: code, durationMs });
  if (anonymous) return;
  const line = {
    ...(context && logFields(context)),
    route: operation.rpcPath,
    status: code,
    durationMs: Math.round(durationMs),
  };
  if (failure && ['internal', 'upstream_failed', 'unavailable'].includes(failure.code)) {
    kit.logger.warn({ ...line, err: failure }, 'call failed');
  } else {
    kit.logger.info(line, 'call');
  }
}
