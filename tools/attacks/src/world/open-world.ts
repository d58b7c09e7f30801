import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestInternalKeys, createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { orderOperations } from '@bff/contracts';
import { attackedLimits } from '../tables/limits.ts';
import { exchangeGrpc } from '../wire/raw-grpc.ts';
import { sendHttp } from '../wire/http-request.ts';
import { recordGrpc, recordHttp, serveCounting, type Reached } from './recording-services.ts';
import { spawnServer } from './spawn-server.ts';
import type { HonestAnswer, Target } from './target.ts';

export const serverNames = ['api-gateway', 'web-bff', 'mobile-bff', 'wearable-bff', 'order-service'] as const;
export type ServerName = (typeof serverNames)[number];

/** One server in production mode, and everything around it: an issuer, services that note what reaches them. */
export interface World {
  readonly targets: readonly Target[];
  onMessage(listener: (message: unknown) => void): void;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

const unlimited = '1000000';

export interface WorldOptions {
  /** A module that the server loads first. */
  readonly preload?: URL;
  /** Attacks reach a BFF by way of an edge in a process of its own. */
  readonly isThroughEdge?: boolean;
}

/** Starts a server; `environment` changes how it is configured. */
export async function openWorld(
  server: ServerName,
  environment: Environment = {},
  options: WorldOptions = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'attacks-'));
  const world = server === 'order-service' ? openService : openClientFacing;
  const opened = await world(server, { ...commonVariables(folder), ...environment }, options);
  return {
    ...opened,
    async close() {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Limits of time and number are low, so that the attacks on them are short. */
function commonVariables(folder: string): Environment {
  return {
    RECEIVE_TIMEOUT_MS: String(attackedLimits.receiveTimeoutMs),
    MAX_CONNECTIONS_PER_ADDRESS: String(attackedLimits.maxConnectionsPerAddress),
    RATE_LIMIT_PER_MINUTE: unlimited,
    DATABASE_URL: `sqlite:${join(folder, 'service.db')}`,
    STATE_FILE: join(folder, 'state.sqlite'),
    SEED_DATA: 'true',
  };
}

async function openClientFacing(
  server: ServerName,
  environment: Environment,
  { preload, isThroughEdge = false }: WorldOptions,
): Promise<World> {
  const audience = `urn:bff:${server}`;
  const issuer = createTestIssuer({ audience });
  const jwks = await serveCounting(JSON.stringify(issuer.jwks));
  const services = server === 'api-gateway' ? await recordHttp() : await recordGrpc();
  const close = async () => {
    await Promise.all([services.close(), jwks.close()]);
  };
  const variables = {
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: jwks.url,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    // Whoever stands in front is not one client among others.
    ...(isThroughEdge && { TRUST_PROXY: '1' }),
    ORDER_SERVICE_URL: services.url,
    PAYMENT_SERVICE_URL: services.url,
    SHIPPING_SERVICE_URL: services.url,
    ...secrets(),
    ...environment,
  };
  const process = await spawnServer(server, variables, preload).catch(async (error: unknown) => {
    // What was opened for a server that does not start must not keep the caller alive.
    await close();
    throw error;
  });
  const { reached } = services;
  const token = (options?: TestTokenOptions) => issuer.token(options);
  const edge = isThroughEdge ? await openEdge(server, process.listeners, environment) : undefined;
  const isAlive = () => process.isAlive() && edge?.isAlive() !== false;
  const listeners = edge?.listeners ?? process.listeners;
  const parts = { server, reached, token, isAlive, listeners, isThroughEdge, keyFetches: jwks.count };
  return {
    onMessage: process.onMessage,
    targets: [server === 'wearable-bff' ? grpcTarget(parts, glances, 1) : httpTarget(parts)],
    async close() {
      await edge?.stop();
      await process.stop();
      await close();
    },
  };
}

/** The edge in front of one BFF: the name of its entry, with what the entry is listening on. */
async function openEdge(
  server: ServerName,
  behind: Readonly<Record<string, string>>,
  environment: Environment,
) {
  const name = server.replace('-bff', '');
  const url = behind['http'] ?? behind['grpc'] ?? '';
  const { RECEIVE_TIMEOUT_MS = '', MAX_CONNECTIONS_PER_ADDRESS = '' } = environment;
  const edge = await spawnServer('edge', {
    ...{ MOBILE_PORT: '0', WEARABLE_PORT: '0', RECEIVE_TIMEOUT_MS, MAX_CONNECTIONS_PER_ADDRESS },
    [`${name.toUpperCase()}_BFF_URL`]: url,
  });
  const entry = edge.listeners[name] ?? '';
  return { ...edge, listeners: { http: entry, grpc: entry } };
}

/** What web-bff refuses to start without in production. */
function secrets(): Environment {
  const secret = () => randomBytes(48).toString('base64');
  return { OIDC_CLIENT_SECRET: secret(), SESSION_KEYS: secret() };
}

const glances = '/wearable.v1.WearableService/ListOrderGlances';

async function openService(
  server: ServerName,
  environment: Environment,
  { preload }: WorldOptions,
): Promise<World> {
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
    ...{ server, reached: [], token, isAlive, listeners, isThroughEdge: false },
    keyFetches: () => 0,
  };
  return {
    onMessage: process.onMessage,
    targets: [httpTarget(parts), grpcTarget(parts, orderOperations.list.rpcPath, 0)],
    close: () => process.stop(),
  };
}

interface TargetParts extends Pick<
  Target,
  'server' | 'reached' | 'token' | 'isAlive' | 'keyFetches' | 'isThroughEdge'
> {
  readonly reached: Reached[];
  readonly listeners: Readonly<Record<string, string>>;
}

function httpTarget({ listeners, ...parts }: TargetParts): Target {
  const isGraphql = parts.server === 'mobile-bff';
  const target: Target = {
    ...parts,
    protocol: 'http',
    url: listeners['http'] ?? '',
    path: isGraphql ? '/graphql?query=%7B__typename%7D' : '/v1/orders',
    // What a browser asks before it sends from another site's page; without it GraphQL refuses a GET.
    extraHeaders: isGraphql ? 'Apollo-Require-Preflight: 1' : '',
    async askHonestly(): Promise<HonestAnswer> {
      const before = parts.reached.length;
      const { status } = await sendHttp(target, {});
      return { status, isServed: status === 200, reaches: parts.reached.length - before };
    },
  };
  return target;
}

function grpcTarget({ listeners, ...parts }: TargetParts, path: string, reaches: number): Target {
  const target: Target = {
    ...parts,
    protocol: 'grpc',
    url: listeners['grpc'] ?? '',
    path,
    extraHeaders: '',
    async askHonestly(): Promise<HonestAnswer> {
      const headers = { authorization: `Bearer ${await target.token()}` };
      const { status } = await exchangeGrpc(target.url, { path, headers });
      return { status, isServed: status === 0, reaches };
    },
  };
  return target;
}
