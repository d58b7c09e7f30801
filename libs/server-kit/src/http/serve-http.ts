import type { Express } from 'express';
import type { Listener } from '../listener.ts';
import type { Admission } from '../admission.ts';
import type { ProcessKit } from '../process-kit.ts';
import { createHttpApp } from './http-app.ts';
import { startHttpListener, type HttpListenerOptions } from './http-listener.ts';
import { readHttpLimits, type HttpConfiguration } from './http-limits.ts';

export interface ServeHttpOptions extends Pick<HttpListenerOptions, 'health' | 'onUpgrade'> {
  kit: ProcessKit;
  configuration: HttpConfiguration & { HOST: string; PORT: number; REQUEST_TIMEOUT_MS: number };
  /** Counts every request by where it comes from, before anything else is done for it. */
  admission?: Pick<Admission, 'arrivals'>;
  /** Adds the app's own middleware and routes. */
  mount: (app: Express) => void;
}

/** The public HTTP server of an app, with every limit as it is configured. */
export function serveHttp({
  kit,
  configuration,
  admission,
  mount,
  ...options
}: ServeHttpOptions): Promise<Listener> {
  const limits = readHttpLimits(configuration);
  const handler = createHttpApp({
    kit,
    requestTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
    limits,
    mount(app) {
      if (admission) app.use(admission.arrivals);
      mount(app);
    },
  });
  const address = { host: configuration.HOST, port: configuration.PORT };
  return startHttpListener({ handler, address, kit, limits, ...options });
}
