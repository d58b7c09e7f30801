import { createHmac, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { orderOperations } from '@bff/contracts';
import type { Principal } from '@bff/core';
import { requestChecks } from '@bff/server-kit';
import { attacksOn } from './catalogue.ts';
import type { Attack } from './attack.ts';
import { namesThatGetThrough, namesThatHit } from './testing/names-that-get-through.ts';
import {
  grpcControls,
  httpControls,
  openGrpcSpecimen,
  openHttpSpecimen,
  type GrpcControls,
  type HttpControls,
  type MakeVerify,
  type Specimen,
  type Verify,
} from './testing/specimen.ts';

const longestRunMs = 30_000;
const plenty = 1_000_000_000;

/** A specimen has one route and no proxy: what is about other servers' routes says nothing about it. */
const about = /^(?:framing|target|limit|bearer|scope|grpc):/;
const attacks = (protocol: 'http' | 'grpc', chosen: RegExp) =>
  attacksOn({ server: 'specimen', protocol }).filter(({ name }) => about.test(name) && chosen.test(name));

async function on(
  specimen: Specimen,
  tryAll: typeof namesThatHit,
  tried: readonly Attack[],
): Promise<string[]> {
  try {
    return await tryAll(specimen.target, tried);
  } finally {
    await specimen.close();
  }
}

const everything = /./;

describe('with every control on', () => {
  it(
    'no attack gets through a specimen',
    async () => {
      expect(
        await on(await openHttpSpecimen(httpControls), namesThatGetThrough, attacks('http', everything)),
      ).toEqual([]);
      expect(
        await on(await openGrpcSpecimen(grpcControls), namesThatGetThrough, attacks('grpc', everything)),
      ).toEqual([]);
    },
    longestRunMs,
  );
});

const anybody: Principal = { subject: 'anybody', client: 'test', scopes: ['orders:read'], roles: [] };

/** Believes whatever a token says. */
const decodeOnly = (): Verify => async (authorization) => {
  const [, payload = ''] = String(authorization).split('.');
  const { sub = 'nobody' } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as {
    sub?: string;
  };
  return { ...anybody, subject: sub };
};
/** Takes the algorithm from the token, and the issuer's key for whatever that needs. */
const confused: MakeVerify = (right, keys) => async (authorization) => {
  const [header = '', payload = '', signature] = String(authorization).replace('Bearer ', '').split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}') as { alg?: string };
  const [jwk] = keys;
  if (alg !== 'HS256' || !jwk) return right(authorization);
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const expected = createHmac('sha256', pem).update(`${header}.${payload}`).digest('base64url');
  return signature === expected ? anybody : right(authorization);
};
const noAuthentication = (): Verify => async () => anybody;

/** Each check of requests, with the attacks that it answers. */
const withoutCheck = (
  [
    ['version', /HTTP\/1\.0|0\.9/],
    ['framing', /gzip before/],
    ['uriLength', /URI/],
    ['headerBytes', /header of 20 KB/],
    ['host', /host/],
    ['method', /TRACE/],
    ['upgrade', /another protocol/],
    ['target', /^target/],
  ] as const
).map(([name, answered]): [string, Partial<HttpControls>, RegExp] => {
  const { [name]: _removed, ...checks } = requestChecks;
  return [`the check of the ${name}`, { checks }, answered];
});
const withoutScopes = { [orderOperations.list.name]: { user: 'own' } } as const;
const httpLimits = (changed: Partial<HttpControls['limits']>): Partial<HttpControls> => ({
  limits: { ...httpControls.limits, ...changed },
});

describe('the suite fails over HTTP without', () => {
  it.each<[string, Partial<HttpControls>, RegExp]>([
    ...withoutCheck,
    ['the limit of headers', httpLimits({ maxHeaderCount: 10_000 }), /120 headers/],
    ['the limit of bodies', httpLimits({ maxBodyBytes: plenty }), /body of 200 KB/],
    ['the limit of connections', httpLimits({ maxConnectionsPerAddress: plenty }), /connections/],
    ['the limit of time', httpLimits({ receiveTimeoutMs: 60_000 }), /silent/],
    ['the signature of tokens', { verify: decodeOnly }, /^bearer: (?:a forgery|claims)/],
    ['a list of algorithms', { verify: confused }, /^bearer: HS256 with the public key$/],
    ['scopes', { table: withoutScopes }, /^scope: reading with (?:no scopes|scopes in other letters)/],
    ['authentication', { verify: noAuthentication }, /^bearer: no token/],
  ])(
    '%s',
    async (_control, changed, chosen) => {
      const specimen = await openHttpSpecimen({ ...httpControls, ...changed });
      expect(await on(specimen, namesThatHit, attacks('http', chosen))).not.toEqual([]);
    },
    longestRunMs,
  );
});

const grpcLimits = (changed: Partial<GrpcControls['limits']>): Partial<GrpcControls> => ({
  limits: { ...grpcControls.limits, ...changed },
});

describe('the suite fails over gRPC without', () => {
  it.each<[string, Partial<GrpcControls>, RegExp]>([
    ['the limit of messages', { maxMessageBytes: plenty }, /5 MB|1 GB|gzip/],
    ['the limit of metadata', grpcLimits({ maxHeaderBytes: plenty }), /metadata of/],
    ['the limit of calls given up', grpcLimits({ maxResetsPerSecond: 1_000_000 }), /rapid reset/],
    ['the limit of time', grpcLimits({ receiveTimeoutMs: 60_000 }), /silent|never ends/],
    ['the signature of tokens', { verify: decodeOnly }, /forgery|changed/],
    ['scopes', { table: withoutScopes }, /^grpc: reading with no scopes/],
    ['authentication', { verify: noAuthentication }, /no token/],
  ])(
    '%s',
    async (_control, changed, chosen) => {
      const specimen = await openGrpcSpecimen({ ...grpcControls, ...changed });
      expect(await on(specimen, namesThatHit, attacks('grpc', chosen))).not.toEqual([]);
    },
    longestRunMs,
  );
});
