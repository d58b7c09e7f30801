import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@bff/core';
import { requestChecks } from '@bff/server-kit';
import { attacksOn } from './catalogue.ts';
import type { Attack } from './attack.ts';
import { runAttacks } from './run-attacks.ts';
import {
  grpcControls,
  httpControls,
  openGrpcSpecimen,
  openHttpSpecimen,
  type GrpcControls,
  type HttpControls,
  type Specimen,
  type Verify,
} from './testing/specimen.ts';

const longestRunMs = 30_000;
const plenty = 1_000_000_000;

/** A specimen has one route and no proxy: what is about other servers' routes says nothing about it. */
const about = /^(?:framing|target|limit|bearer|grpc):/;
const attacks = (protocol: 'http' | 'grpc', chosen: RegExp) =>
  attacksOn({ server: 'specimen', protocol }).filter(({ name }) => about.test(name) && chosen.test(name));

async function namesThatGetThrough(specimen: Specimen, tried: readonly Attack[]): Promise<string[]> {
  try {
    expect(tried.length).toBeGreaterThan(0);
    const results = await runAttacks(specimen.target, tried);
    return results.filter(({ faults }) => faults.length > 0).map(({ attack }) => attack);
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
        await namesThatGetThrough(await openHttpSpecimen(httpControls), attacks('http', everything)),
      ).toEqual([]);
      expect(
        await namesThatGetThrough(await openGrpcSpecimen(grpcControls), attacks('grpc', everything)),
      ).toEqual([]);
    },
    longestRunMs,
  );
});

/** Believes whatever a token says. */
const decodeOnly = (): Verify => async (authorization) => {
  const [, payload = ''] = String(authorization).split('.');
  const { sub = 'nobody' } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as {
    sub?: string;
  };
  return { subject: sub, client: 'test', scopes: [], roles: [] };
};
const anybody: Principal = { subject: 'anybody', client: 'test', scopes: [], roles: [] };
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
    ['authentication', { verify: noAuthentication }, /^bearer: no token/],
  ])(
    '%s',
    async (_control, changed, chosen) => {
      const specimen = await openHttpSpecimen({ ...httpControls, ...changed });
      expect(await namesThatGetThrough(specimen, attacks('http', chosen))).not.toEqual([]);
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
    ['authentication', { verify: noAuthentication }, /no token/],
  ])(
    '%s',
    async (_control, changed, chosen) => {
      const specimen = await openGrpcSpecimen({ ...grpcControls, ...changed });
      expect(await namesThatGetThrough(specimen, attacks('grpc', chosen))).not.toEqual([]);
    },
    longestRunMs,
  );
});
