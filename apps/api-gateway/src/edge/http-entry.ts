import { AppError } from '@bff/core';
import {
  createHttpApp,
  labelRoute,
  startHttpListener,
  type HttpLimits,
  type Listener,
  type ProcessKit,
} from '@bff/server-kit';
import type { BalancedUpstream } from '../balanced-upstream.ts';
import { clientHeaders } from '../proxy/client-headers.ts';
import type { AnswerRules } from '../proxy/forwarding-parts.ts';
import type { Forward } from '../proxy/forwarder.ts';
import { createEdgeProxy } from './edge-proxy.ts';
import type { ReplayOptions } from './replayable-body.ts';
import { createTunnel } from './tunnel.ts';

export interface HttpEntryOptions {
  /** `web`; names the listener and the route in metrics. */
  readonly name: string;
  readonly address: { host: string; port: number };
  /** Variable to name when the port is taken. */
  readonly variable: string;
  readonly upstream: BalancedUpstream;
  readonly forward: Forward;
  readonly replay: ReplayOptions;
  readonly attemptTimeoutMs: number;
  readonly headTimeoutMs: number;
  readonly limits: HttpLimits;
  readonly kit: ProcessKit;
}

/** An answer may last as long as it likes (event streams); its head is limited by `headTimeoutMs`. */
const longestAnswerMs = 24 * 3_600_000;

/** What the BFF answers is the client's to see, be it good or bad. */
const passedOn: AnswerRules = { headers: clientHeaders, replaces: () => false };

/** One entry that speaks HTTP/1.1, WebSocket and server-sent events included. */
export async function startHttpEntry(options: HttpEntryOptions): Promise<Listener> {
  const { name, address, variable, upstream, limits, kit } = options;
  const parts = {
    ...options,
    service: upstream.name,
    endpoints: upstream.endpoints,
    further: upstream.further,
    answers: passedOn,
  };
  const handler = createHttpApp({
    kit,
    limits,
    requestTimeoutMs: longestAnswerMs,
    mount(app) {
      app.use((request, _response, next) => {
        labelRoute(request, `${name}/**`);
        // Node keeps the first of two and drops the other: the BFF, which refuses two, would see one.
        if ((request.headersDistinct.authorization?.length ?? 0) > 1)
          throw new AppError('unauthenticated', 'Authorization must be given once.');
        next();
      });
      app.use(createEdgeProxy(parts));
    },
  });
  const onUpgrade = createTunnel(parts);
  return startHttpListener({ handler, onUpgrade, address, variable, name, kit, limits, health: true });
}
