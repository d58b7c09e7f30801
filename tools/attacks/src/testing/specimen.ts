import type { JsonWebKey } from 'node:crypto';
import { createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { orderOperations } from '@bff/contracts';
import type { Principal } from '@bff/core';
import {
  authenticate,
  authoriseRequest,
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
import { createAuthorise, createTokenVerifier, readBearer, type AuthorisationTable } from '@bff/auth';
import { attackedLimits } from '../tables/limits.ts';
import { exchangeGrpc } from '../wire/raw-grpc.ts';
import { sendHttp } from '../wire/http-request.ts';
import type { Reached } from '../world/recording-services.ts';
import type { Target } from '../world/target.ts';

type Authorization = string | readonly string[] | undefined;
export type Verify = (authorization: Authorization) => Promise<Principal>;

/** A verifier from the right one and the issuer's public keys. */
export type MakeVerify = (right: Verify, keys: readonly JsonWebKey[]) => Verify;

export interface Specimen {
  readonly target: Target;
  close(): Promise<void>;
}

export interface HttpControls {
  readonly checks: typeof requestChecks;
  readonly limits: HttpLimits;
  readonly verify: MakeVerify;
  readonly table: AuthorisationTable<string>;
}

export interface GrpcControls {
  readonly limits: GrpcLimits;
  readonly maxMessageBytes: number;
  readonly verify: MakeVerify;
  readonly table: AuthorisationTable<string>;
}

const connectionLimits = {
  receiveTimeoutMs: attackedLimits.receiveTimeoutMs,
  maxConnectionsPerAddress: attackedLimits.maxConnectionsPerAddress,
};
const address = { host: '127.0.0.1', port: 0 };

const list = orderOperations.list;

/** Everything on. */
export const httpControls: HttpControls = {
  checks: requestChecks,
  limits: { ...defaultHttpLimits, ...connectionLimits },
  verify: (right) => right,
  table: { [list.name]: { scope: 'orders:read', user: 'own' } },
};
export const grpcControls: GrpcControls = {
  limits: { ...defaultGrpcLimits, ...connectionLimits },
  maxMessageBytes: 64 * 1024,
  verify: (right) => right,
  table: httpControls.table,
};

/** An HTTP server made of what all servers here are made of, with these controls and no others. */
export async function openHttpSpecimen(controls: HttpControls): Promise<Specimen> {
  const { checks, limits, verify, table } = controls;
  const reached: Reached[] = [];
  const kit = createTestKit();
  const issuer = openIssuer();
  const authorise = createAuthorise(table);
  const handler = createHttpApp({
    kit,
    requestTimeoutMs: 2_000,
    limits,
    checks,
    mount(app) {
      const verifyRequest = verify(issuer.verify, issuer.publicKeys);
      app.use(authenticate((request) => verifyRequest(request.headersDistinct['authorization'])));
      app.use(
        '/v1/orders',
        authoriseRequest(authorise, () => list.name),
      );
      app.all('/v1/orders', ...readJson(limits.maxBodyBytes), (request, response) => {
        reached.push({ method: request.method, path: request.url, text: '' });
        response.json({ orders: [] });
      });
    },
  });
  const listener = await startHttpListener({ handler, address, kit, limits });
  const target: Target = {
    ...targetParts(listener, reached, issuer),
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
export async function openGrpcSpecimen(controls: GrpcControls): Promise<Specimen> {
  const { limits, maxMessageBytes, verify, table } = controls;
  const reached: Reached[] = [];
  const kit = createTestKit();
  const issuer = openIssuer();
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: 2_000,
    limits,
    maxMessageBytes,
    authenticate: verify(issuer.verify, issuer.publicKeys),
    authorise: createAuthorise(table),
  });
  grpc.unary(list, async () => {
    reached.push({ method: 'POST', path: list.rpcPath, text: '' });
    return { items: [], nextPageToken: '' };
  });
  const listener = await startGrpcListener({ grpc, address, kit });
  const target: Target = {
    ...targetParts(listener, reached, issuer),
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
  const { issuer, audience, keys, jwks, token } = createTestIssuer();
  const verifier = createTokenVerifier({ issuer, audience, keys, clock: createTestKit().clock });
  const verify: Verify = async (authorization) => verifier.verify(readBearer(authorization));
  return { verify, publicKeys: jwks.keys, token: (options?: TestTokenOptions) => token(options) };
}

function targetParts(
  { url }: Listener,
  reached: Reached[],
  { token, publicKeys }: ReturnType<typeof openIssuer>,
) {
  return {
    server: 'specimen',
    url,
    reached,
    token,
    publicKeys,
    extraHeaders: '',
    isThroughEdge: false,
    isAlive: () => true,
    keyFetches: () => 0,
  };
}
