import { AppError } from '@bff/core';
import { readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startEdge } from '../edge/app.ts';
import { edgeConfiguration } from '../edge/config.ts';

export type TestEdge = Awaited<ReturnType<typeof openTestEdge>>;

export interface TestEdgeBackends {
  web?: readonly string[];
  mobile?: readonly string[];
  wearable?: readonly string[];
}

const nobody = ['http://127.0.0.1:1'];

/** An edge on free ports before these instances. Of equal ones it takes the last. */
export async function openTestEdge(
  { web = nobody, mobile = nobody, wearable = ['grpc://127.0.0.1:1'] }: TestEdgeBackends,
  environment: Record<string, string> = {},
) {
  const configuration = readConfiguration(edgeConfiguration, {
    ...{ PORT: '0', MOBILE_PORT: '0', WEARABLE_PORT: '0' },
    ...{ WEB_BFF_URL: web.join(), MOBILE_BFF_URL: mobile.join(), WEARABLE_BFF_URL: wearable.join() },
    BFF_HEALTH_CHECK_MS: '0',
    ...environment,
  });
  const drain = new AbortController();
  const kit = createTestKit({ name: 'edge', drain: drain.signal, random: () => 0 });
  const app = await startEdge(configuration, kit);
  const url = (name: string) => app.listeners.find((listener) => listener.name === name)!.url;
  return {
    kit,
    webUrl: url('web'),
    mobileUrl: url('mobile'),
    wearableUrl: url('wearable').replace(/^grpc/, 'http'),
    info: app.info!,
    /** What a process does at its end, in its order. */
    async close(limitMs = 0) {
      for (const listener of app.listeners) listener.drain();
      drain.abort(new AppError('unavailable', 'This instance is stopping.'));
      await Promise.all(app.listeners.map((listener) => listener.close(limitMs)));
      await app.close!();
    },
  };
}
