import type { Socket } from 'node:net';
import { AppError, openContext, systemClock } from '@bff/core';
import type { Order } from '@bff/contracts';
import { createUpstream, type Upstream, type UpstreamOptions } from '../upstream.ts';
import type { AttemptEvent } from '../account-outcome.ts';
import type { UpstreamEvent } from '../upstream-event.ts';
import { createOrdersPort } from '../service-ports.ts';

/** One request as a stand-in saw it, over whichever protocol. */
export interface SeenRequest {
  /** `GetOrder`. */
  readonly operation: string;
  readonly request: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the deadline it was given. */
  readonly timeoutMs: number;
  /** Resolves when the client has ended the exchange. */
  readonly cancelled: Promise<void>;
  /** The connection it came over. */
  readonly socket: Socket;
}

/** Gives the domain value to answer with, or throws an AppError, or never settles. */
export type Respond = (seen: SeenRequest) => Promise<unknown>;

/** A service of one operation table that does what a test says, at a free port of 127.0.0.1. */
export interface StandIn {
  readonly url: string;
  /** Health fails and connections end with their next answer, but calls are served. */
  drain(): void;
  /** Ends when what is in flight is answered. */
  finish(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

export const order: Order = {
  orderId: 'ord_0001',
  customerId: 'alice',
  status: 'confirmed',
  lines: [{ sku: 'tea', name: 'Tea, 100 g', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 625 } }],
  total: { currency: 'EUR', minorUnits: 1_250 },
  shippingAddress: {
    recipient: 'Alice',
    street: 'Hauptstr. 1',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  },
  createTime: new Date('2026-01-01T10:00:00.000Z'),
  updateTime: new Date('2026-01-01T10:05:00.000Z'),
  revision: 7,
};

/** The upstream under test, with everything that its attempts reported. */
export function openUpstream(urls: string, overrides: Partial<UpstreamOptions> = {}) {
  const attempts: AttemptEvent[] = [];
  const events: UpstreamEvent[] = [];
  const upstream: Upstream = createUpstream({
    name: 'orders',
    urls,
    clock: systemClock,
    random: Math.random,
    internalToken: async (principal, audience) => `token-of-${principal.subject}-for-${audience}`,
    audience: 'order-service',
    timeoutMs: 1_000,
    onAttempt: (event) => attempts.push(event),
    onEvent: (event) => events.push(event),
    // Stand-ins count requests, and a check or a retry is one.
    healthChecks: false,
    policy: { retry: { maxRetries: 0 } },
    ...overrides,
  });
  return { upstream, orders: createOrdersPort(upstream), attempts, events };
}

/** A request's scope with a deadline of `timeoutMs`. */
export function openRequest(timeoutMs = 2_000) {
  return openContext({
    clock: systemClock,
    timeoutMs,
    requestId: 'request-1',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true },
    principal: { subject: 'alice', client: 'test', scopes: [], roles: [] },
    idempotencyKey: 'key-1',
  });
}

/** The AppError a call fails with; fails itself when the call succeeds or throws something else. */
export async function failureOf(call: Promise<unknown>): Promise<AppError> {
  const [settled] = await Promise.allSettled([call]);
  if (settled.status === 'rejected' && settled.reason instanceof AppError) return settled.reason;
  throw new Error(`Expected an AppError, got ${JSON.stringify(settled)}.`);
}
