import { readGrpcLimits, readHttpLimits, type ProcessKit, type RunningApp } from '@bff/server-kit';
import { createHttpHealth } from '@bff/upstream';
import { exposeBalancedUpstreams, openBalancedUpstream, type Probe } from '../balanced-upstream.ts';
import { ConnectingAgent } from '../proxy/connecting-agent.ts';
import { createForwarder } from '../proxy/forwarder.ts';
import type { EdgeConfiguration } from './config.ts';
import { startGrpcEntry } from './grpc/grpc-entry.ts';
import { createGrpcProbe } from './grpc/grpc-probe.ts';
import { SessionPool } from './grpc/session-pool.ts';
import { startHttpEntry } from './http-entry.ts';

const connectTimeoutMs = 1_000;

/** The composition root of the edge: one balanced upstream and one listener for each entry. */
export async function startEdge(configuration: EdgeConfiguration, kit: ProcessKit): Promise<RunningApp> {
  const { HOST: host, BFF_MAX_RETRIES: maxRetries, BFF_HEALTH_CHECK_MS: healthCheckMs } = configuration;
  const health = createHttpHealth({});
  const pool = new SessionPool({ connectTimeoutMs, clock: kit.clock });
  const open = (name: string, urls: string, probe: Probe) =>
    openBalancedUpstream({ name, urls, maxRetries, healthCheckMs, probe, kit });
  const web = open('web-bff', configuration.WEB_BFF_URL, health);
  const mobile = open('mobile-bff', configuration.MOBILE_BFF_URL, health);
  const wearable = open('wearable-bff', configuration.WEARABLE_BFF_URL, createGrpcProbe(pool));
  const upstreams = [web, mobile, wearable];
  exposeBalancedUpstreams(kit, upstreams);

  const agent = new ConnectingAgent({ maxSockets: configuration.BFF_MAX_CONNECTIONS, connectTimeoutMs });
  const limits = {
    attemptTimeoutMs: configuration.BFF_TIMEOUT_MS,
    headTimeoutMs: configuration.REQUEST_TIMEOUT_MS,
  };
  const http = {
    ...limits,
    limits: readHttpLimits(configuration),
    kit,
    // A BFF compares Origin with the host that the client asked for.
    forward: createForwarder({ agent, changeOrigin: false }),
  };
  const { PORT, MOBILE_PORT, WEARABLE_PORT, MAX_REPLAYED_BYTES: maxBytes } = configuration;
  const listeners = [
    await startHttpEntry({
      ...http,
      ...{ name: 'web', variable: 'PORT', address: { host, port: PORT }, upstream: web },
      replay: { maxBytes, graphql: false },
    }),
    await startHttpEntry({
      ...http,
      ...{ name: 'mobile', variable: 'MOBILE_PORT', address: { host, port: MOBILE_PORT }, upstream: mobile },
      replay: { maxBytes, graphql: true },
    }),
    await startGrpcEntry({
      ...limits,
      limits: readGrpcLimits(configuration),
      kit,
      pool,
      upstream: wearable,
      address: { host, port: WEARABLE_PORT },
      reads: new Set(configuration.READ_RPCS),
      maxReplayedBytes: maxBytes,
      tls: tlsOf(configuration),
    }),
  ];
  // Ready only then: the first requests know which instances to avoid.
  await Promise.all(upstreams.map(({ endpoints }) => endpoints.firstHealthRound()));
  return {
    listeners,
    info: () => ({
      upstreams: Object.fromEntries(
        upstreams.map(({ name, endpoints }) => [name, endpoints.balancer.endpoints()]),
      ),
    }),
    async close() {
      for (const { endpoints } of upstreams) endpoints.close();
      agent.destroy();
      pool.close();
      await health.close();
    },
  };
}

function tlsOf({ TLS_CERTIFICATE: cert, TLS_KEY: key }: EdgeConfiguration) {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}
