import { createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { orderOperations, paymentOperations, shipmentOperations } from '@bff/contracts';
import { grpcTarget, httpTarget } from './make-targets.ts';
import { spawnServer } from './spawn-server.ts';
import type { OpenWorld } from './world.ts';

/** The call that lists what a service keeps, over both protocols. */
const lists = {
  'order-service': orderOperations.list,
  'payment-service': paymentOperations.list,
  'shipping-service': shipmentOperations.list,
} as const;

export const serviceNames = Object.keys(lists) as (keyof typeof lists)[];

/** A service with the sample data, and the keys of the apps that it believes. */
export const openService: OpenWorld<keyof typeof lists> = async (server, environment, { preload }) => {
  const issuer = createTestIssuer({ issuer: 'bff-internal', audience: server });
  const process = await spawnServer(
    server,
    { INTERNAL_JWKS: JSON.stringify(issuer.jwks), ...environment },
    preload,
  );
  const token = ({ claims, ...options }: TestTokenOptions = {}) =>
    issuer.token({
      typ: 'internal+jwt',
      expiresIn: 50,
      ...options,
      claims: { act: { sub: 'web-bff' }, ...claims },
    });
  const { isAlive, listeners } = process;
  const parts = {
    ...{ server, reached: [], token, publicKeys: issuer.jwks.keys },
    ...{ isAlive, isThroughEdge: false, keyFetches: () => 0 },
  };
  const { http, rpcPath } = lists[server];
  return {
    onMessage: process.onMessage,
    targets: [
      httpTarget({ ...parts, url: listeners['http'] ?? '', path: http?.path ?? '' }),
      grpcTarget({ ...parts, url: listeners['grpc'] ?? '', path: rpcPath }, 0),
    ],
    close: () => process.stop(),
  };
};
