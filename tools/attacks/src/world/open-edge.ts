import type { TestTokenOptions } from '@bff/auth/testing';
import { createTestIssuer } from '@bff/auth/testing';
import { grpcTarget, httpTarget } from './make-targets.ts';
import { recordGrpc, recordHttp } from './recording-services.ts';
import { spawnServer } from './spawn-server.ts';
import type { OpenWorld } from './world.ts';

/** The edge alone: behind its entries stand servers that believe everything and note it, so whatever is refused it has refused itself. */
export const openEdgeAlone: OpenWorld<'edge'> = async (server, environment, { preload }) => {
  const issuer = createTestIssuer();
  const [http, grpc] = [await recordHttp(), await recordGrpc()];
  const close = async () => {
    await Promise.all([http.close(), grpc.close()]);
  };
  const variables = {
    ...{ MOBILE_PORT: '0', WEARABLE_PORT: '0' },
    WEB_BFF_URL: http.url,
    MOBILE_BFF_URL: http.url,
    WEARABLE_BFF_URL: grpc.url,
    ...environment,
  };
  const process = await spawnServer(server, variables, preload).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { isAlive, listeners } = process;
  const token = (options?: TestTokenOptions) => issuer.token(options);
  const parts = { server, isAlive, isThroughEdge: false, token, keyFetches: () => 0 };
  const entry = (name: string) => ({ ...parts, entry: name, url: listeners[name] ?? '' });
  return {
    onMessage: process.onMessage,
    targets: [
      httpTarget({ ...entry('web'), reached: http.reached, path: '/v1/orders' }),
      httpTarget({ ...entry('mobile'), reached: http.reached, path: '/v1/orders' }),
      grpcTarget(
        {
          ...entry('wearable'),
          reached: grpc.reached,
          path: '/wearable.v1.WearableService/ListOrderGlances',
        },
        1,
      ),
    ],
    async close() {
      await process.stop();
      await close();
    },
  };
};
