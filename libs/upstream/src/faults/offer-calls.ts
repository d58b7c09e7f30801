import { setTimeout as sleep } from 'node:timers/promises';
import { openContext, systemClock, type AppError } from '@bff/core';
import type { OrdersPort } from '@bff/contracts';
import { order } from '../testing/stand-in.ts';

export type CallKind = 'get' | 'keyed' | 'unkeyed';

export interface CallResult {
  readonly id: string;
  readonly kind: CallKind;
  /** `ok` or an error code. */
  readonly code: string;
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Of ten calls seven read, two create with a key and one without. */
const kinds: readonly CallKind[] = [
  'get',
  'get',
  'keyed',
  'get',
  'get',
  'unkeyed',
  'get',
  'keyed',
  'get',
  'get',
];

/** Calls at a constant rate, whatever becomes of them (open loop); resolves when every one has been answered. */
export async function offerCalls(
  orders: OrdersPort,
  options: { name: string; ratePerSecond: number; durationMs: number; timeoutMs: number },
): Promise<CallResult[]> {
  const { name, ratePerSecond, durationMs, timeoutMs } = options;
  const startedAt = systemClock.now();
  const calls: Promise<CallResult>[] = [];
  for (;;) {
    const elapsedMs = systemClock.now() - startedAt;
    const due = Math.floor((Math.min(elapsedMs, durationMs) * ratePerSecond) / 1_000);
    while (calls.length < due) {
      const kind = kinds[calls.length % kinds.length] ?? 'get';
      calls.push(call(orders, kind, `${name}-${calls.length}`, timeoutMs));
    }
    if (elapsedMs >= durationMs) return Promise.all(calls);
    await sleep(2);
  }
}

async function call(orders: OrdersPort, kind: CallKind, id: string, timeoutMs: number): Promise<CallResult> {
  const scope = openContext({
    clock: systemClock,
    timeoutMs,
    requestId: id,
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: false },
    principal: { subject: 'alice', client: 'test', scopes: [], roles: [] },
    idempotencyKey: kind === 'keyed' ? id : undefined,
  });
  const startedAt = systemClock.now();
  const { lines, shippingAddress } = order;
  const end = (code: string) => ({ id, kind, code, startedAt, durationMs: systemClock.now() - startedAt });
  try {
    if (kind === 'get') await orders.get({ orderId: id }, scope.context);
    else await orders.create({ lines, shippingAddress }, scope.context);
    return end('ok');
  } catch (thrown) {
    return end((thrown as AppError).code);
  } finally {
    scope.close();
  }
}
