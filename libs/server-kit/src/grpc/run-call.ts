import type { Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import {
  AppError,
  untilEnded,
  throwIfEnded,
  type Context,
  type ContextScope,
  type Principal,
} from '@bff/core';
import type { Authorise } from '@bff/auth';
import { grpcStatusOf, type Operation } from '@bff/contracts';
import { logFields, type AuditAction } from '@bff/observability';
import type { ConnectionLimits } from '../edge/guard-connections.ts';
import type { RequestOrigin } from '../edge/trusted-proxies.ts';
import type { FaultInjector } from '../faults/fault-injector.ts';
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
  /** Where it comes from: the peer, or whom a trusted proxy names. */
  readonly origin: RequestOrigin;
}

/** Looks at a call before it is known who calls; throws to refuse it. */
export type ArrivalGate = (info: CallInfo) => Promise<void> | void;

/** Runs before each authenticated call; throws to refuse it. */
export type CallGate = (info: CallInfo, context: Context) => Promise<void> | void;

export interface CallEnvironment {
  kit: ProcessKit;
  authenticate: (authorization: string | undefined) => Promise<Principal>;
  authorise?: Authorise<string>;
  arrivals: readonly ArrivalGate[];
  gates: readonly CallGate[];
  limits: Pick<ConnectionLimits, 'trustProxy' | 'maxHeaderBytes'>;
  peers: ReadonlyMap<string, Socket>;
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
 * What every call does around its work: context → authentication → authorisation → gates → work → metrics and access log.
 * Rejects with what grpc-js sends as the call's end.
 */
export async function runCall<T>(
  environment: CallEnvironment,
  settings: CallSettings,
  call: ServerCall,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { kit, limits } = environment;
  const info = infoOf(settings, call, limits);
  const startedAt = kit.clock.now();
  let scope: ContextScope | undefined;
  let context: Context | undefined;
  let failure: AppError | undefined;
  const admitAndWork = async (opened: Context) => {
    if (settings.anonymous) return work(opened);
    for (const gate of environment.arrivals) await gate(info);
    const principal = await environment.authenticate(readText(call.metadata, 'authorization'));
    context = { ...opened, principal };
    const access = environment.authorise?.(settings.operation.name, context);
    const admitted = (context = { ...opened, principal: access?.principal ?? principal });
    for (const gate of environment.gates) await gate(info, admitted);
    throwIfEnded(admitted);
    return work(admitted);
  };
  const moveOn = () => scope?.cancel(AppError.from(kit.drain.reason));
  try {
    if (kit.faults?.isOn === true && !settings.anonymous) await passFaults(kit.faults, call, environment);
    scope = openCallScope(call, kit, settings.limitMs, limits.maxHeaderBytes);
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
    record(kit, settings, kit.clock.now() - startedAt, info, context, failure);
  }
}

/** In front of everything but health: an instance that fails and says that it is well is the hard case. */
async function passFaults(
  faults: FaultInjector,
  call: ServerCall,
  { peers }: CallEnvironment,
): Promise<void> {
  const left = new AbortController();
  call.on('cancelled', () => {
    left.abort();
  });
  await faults.pass({ left: left.signal, reset: () => void peers.get(call.getPeer())?.resetAndDestroy() });
}

function record(
  kit: ProcessKit,
  { operation, anonymous }: CallSettings,
  durationMs: number,
  info: CallInfo,
  context: Context | undefined,
  failure: AppError | undefined,
): void {
  const code = status[failure ? grpcStatusOf(failure.code) : 0] ?? 'UNKNOWN';
  kit.metrics.rpcRequest({ route: operation.rpcPath, method: operation.name, status: code, durationMs });
  if (anonymous) return;
  if (failure) auditRefusal(kit, info, context, failure, code);
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

function infoOf(
  { operation: { name, rpcPath } }: CallSettings,
  call: ServerCall,
  { trustProxy }: CallEnvironment['limits'],
): CallInfo {
  const peer = call.getPeer();
  // The port, and the brackets that IPv6 may have.
  const host = peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const forwardedFor = call.metadata.get('x-forwarded-for').join(',');
  return { name, rpcPath, peer, origin: trustProxy.originOf(host, forwardedFor) };
}

const refusals: Partial<Record<AppError['code'], AuditAction>> = {
  unauthenticated: 'access_refused',
  permission_denied: 'access_refused',
  resource_exhausted: 'rate_limited',
};

function auditRefusal(
  { audit }: ProcessKit,
  { rpcPath, origin: { address } }: CallInfo,
  context: Context | undefined,
  failure: AppError,
  status: string,
): void {
  const action = refusals[failure.code];
  if (!action) return;
  const { subject, client } = context?.principal ?? {};
  const { requestId } = context ?? {};
  audit({
    action,
    outcome: 'refused',
    reason: failure.code,
    subject,
    client,
    address,
    requestId,
    target: rpcPath,
    status,
  });
}
