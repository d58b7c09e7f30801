import { createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { orderOperations } from '@bff/contracts';
import type { Principal } from '@bff/core';
import {
  authenticate,
  createGrpcServer,
  createHttpApp,
  defaultGrpcLimits,
  defaultHttpLimits,
  readJson,
  requestChecks,
  startGrpcListener,
  startHttpListener,
  type GrpcLimits,
  type HttpLimits,
  type Listener,
} from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { createTokenVerifier, readBearer } from '@bff/auth';
import { attackedLimits } from '../tables/limits.ts';
import { exchangeGrpc } from '../wire/raw-grpc.ts';
import { sendHttp } from '../wire/http-request.ts';
import type { Reached } from '../world/recording-services.ts';
import type { Target } from '../world/target.ts';

type Authorization = string | readonly string[] | undefined;
export type Verify = (authorization: Authorization) => Promise<Principal>;

export interface Specimen {
  readonly target: Target;
  close(): Promise<void>;
}

export interface HttpControls {
  readonly checks: typeof requestChecks;
  readonly limits: HttpLimits;
  readonly verify: (right: Verify) => Verify;
}

export interface GrpcControls {
  readonly limits: GrpcLimits;
  readonly maxMessageBytes: number;
  readonly verify: (right: Verify) => Verify;
}

const connectionLimits = {
  receiveTimeoutMs: attackedLimits.receiveTimeoutMs,
  maxConnectionsPerAddress: attackedLimits.maxConnectionsPerAddress,
};
const address = { host: '127.0.0.1', port: 0 };

/** Everything on. */
export const httpControls: HttpControls = {
  checks: requestChecks,
  limits: { ...defaultHttpLimits, ...connectionLimits },
  verify: (right) => right,
};
export const grpcControls: GrpcControls = {
  limits: { ...defaultGrpcLimits, ...connectionLimits },
  maxMessageBytes: 64 * 1024,
  verify: (right) => right,
};

/** An HTTP server made of what all servers here are made of, with these controls and no others. */
export async function openHttpSpecimen({ checks, limits, verify }: HttpControls): Promise<Specimen> {
  const reached: Reached[] = [];
  const kit = createTestKit();
  const issuer = openIssuer();
  const handler = createHttpApp({
    kit,
    requestTimeoutMs: 2_000,
    limits,
    checks,
    mount(app) {
      const verifyRequest = verify(issuer.verify);
      app.use(authenticate((request) => verifyRequest(request.headersDistinct['authorization'])));
      app.all('/v1/orders', ...readJson(limits.maxBodyBytes), (request, response) => {
        reached.push({ method: request.method, path: request.url, text: '' });
        response.json({ orders: [] });
      });
    },
  });
  const listener = await startHttpListener({ handler, address, kit, limits });
  const target: Target = {
    ...targetParts(listener, reached, issuer.token),
    protocol: 'http',
    path: '/v1/orders',
    async askHonestly() {
      const before = reached.length;
      const { status } = await sendHttp(target, {});
      return { status, isServed: status === 200, reaches: reached.length - before };
    },
  };
  return { target, close: () => listener.close(0) };
}

/** The same over gRPC. */
export async function openGrpcSpecimen({ limits, maxMessageBytes, verify }: GrpcControls): Promise<Specimen> {
  const reached: Reached[] = [];
  const kit = createTestKit();
  const issuer = openIssuer();
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: 2_000,
    limits,
    maxMessageBytes,
    authenticate: verify(issuer.verify),
  });
  const { list } = orderOperations;
  grpc.unary(list, async () => {
    reached.push({ method: 'POST', path: list.rpcPath, text: '' });
    return { items: [], nextPageToken: '' };
  });
  const listener = await startGrpcListener({ grpc, address, kit });
  const target: Target = {
    ...targetParts(listener, reached, issuer.token),
    protocol: 'grpc',
    path: list.rpcPath,
    async askHonestly() {
      const before = reached.length;
      const headers = { authorization: `Bearer ${await target.token()}` };
      const { status } = await exchangeGrpc(target.url, { path: target.path, headers });
      return { status, isServed: status === 0, reaches: reached.length - before };
    },
  };
  return { target, close: () => listener.close(0) };
}

function openIssuer() {
  const { issuer, audience, keys, token } = createTestIssuer();
  const verifier = createTokenVerifier({ issuer, audience, keys, clock: createTestKit().clock });
  const verify: Verify = async (authorization) => verifier.verify(readBearer(authorization));
  return { verify, token: (options?: TestTokenOptions) => token(options) };
}

function targetParts({ url }: Listener, reached: Reached[], token: Target['token']) {
  return {
    server: 'specimen',
    url,
    reached,
    token,
    extraHeaders: '',
    isThroughEdge: false,
    isAlive: () => true,
    keyFetches: () => 0,
  };
}
