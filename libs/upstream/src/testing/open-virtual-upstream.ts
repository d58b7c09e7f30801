import { openContext, type OpenContextOptions } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { parseUpstreamUrls } from '../parse-upstream-urls.ts';
import { createOrdersPort } from '../service-ports.ts';
import { createUpstreamOver, type UpstreamOptions } from '../upstream.ts';
import type { UpstreamEvent } from '../upstream-event.ts';
import { createFakeTransport, type Answer } from './fake-transport.ts';

/** An upstream under virtual time, whose instances `a`, `b`, … do as they are told. */
export function openVirtualUpstream(answer: Answer, overrides: Partial<UpstreamOptions> = {}) {
  const clock = createManualClock();
  const events: UpstreamEvent[] = [];
  const { transport, seen, forgotten } = createFakeTransport(clock, answer);
  const options: UpstreamOptions = {
    name: 'orders',
    urls: 'http://a:1,http://b:1',
    clock,
    // In the middle: jittered delays are half of their bound.
    random: () => 0.5,
    internalToken: async () => 'token',
    audience: 'order-service',
    timeoutMs: 1_000,
    healthChecks: false,
    onEvent: (event) => events.push(event),
    ...overrides,
  };
  const upstream = createUpstreamOver(transport, parseUpstreamUrls(options.urls), options);
  return {
    clock,
    upstream,
    orders: createOrdersPort(upstream),
    seen,
    forgotten,
    /** `retry`, `hedge_denied`, …, with why. */
    further: () =>
      events
        .filter((event) => 'operation' in event)
        .map((event) => ('because' in event ? `${event.kind}: ${event.because}` : event.kind)),
    events,
    openRequest: (request: Partial<OpenContextOptions> = {}) =>
      openContext({
        clock,
        timeoutMs: 2_000,
        requestId: 'request-1',
        trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: false },
        principal: undefined,
        idempotencyKey: undefined,
        ...request,
      }),
  };
}
