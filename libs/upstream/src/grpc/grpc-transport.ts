import { AppError, type Context } from '@bff/core';
import { healthOperations } from '@bff/contracts';
import { Client, credentials, type ChannelOptions } from '@grpc/grpc-js';
import type { Transport } from '../transport.ts';
import { unavailable } from '../upstream-failure.ts';
import { exchange, stream, type GrpcExchangeOptions } from './grpc-exchange.ts';

export interface GrpcTransportOptions extends GrpcExchangeOptions {
  readonly maxResponseBytes: number;
}

/** gRPC: one channel per instance, opened at its first call. */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  const clients = new Map<string, Client>();
  let closed = false;

  const clientOf = (url: string): Client => {
    if (closed) throw unavailable('refused', 'The upstream was called after its close.');
    const known = clients.get(url);
    if (known) return known;
    const client = new Client(new URL(url).host, credentials.createInsecure(), channelOptions(options));
    clients.set(url, client);
    return client;
  };

  return {
    protocol: 'grpc',
    exchange: async (attempt, context) =>
      exchange(clientOf(attempt.lease.endpoint.url), attempt, context, options),
    stream: (attempt, context) => stream(clientOf(attempt.lease.endpoint.url), attempt, context, options),
    check: async ({ url }, context) => checkHealth(clientOf(url), context, options),
    forget({ url }) {
      // Ends the channel after the calls that it still has.
      clients.get(url)?.close();
      clients.delete(url);
    },
    close() {
      closed = true;
      for (const client of clients.values()) client.close();
      return Promise.resolve();
    },
  };
}

function channelOptions(options: GrpcTransportOptions): ChannelOptions {
  return {
    // A restarted service is found again within a second; between tries, calls fail at once.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // A frozen peer on an open connection is noticed while calls wait for it. Not without calls: servers
    // answer idle pings with GOAWAY «too many pings».
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
    'grpc.keepalive_permit_without_calls': 0,
    'grpc.max_receive_message_length': options.maxResponseBytes,
    // Retrying is decided above the balancer, with a budget.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    // Addresses inside are called directly, whatever the environment says about proxies.
    'grpc.enable_http_proxy': 0,
    // Channels with equal options would share connections, and the state of them.
    'grpc.use_local_subchannel_pool': 1,
  };
}

/** `grpc.health.v1`, over the same channel as the calls: an instance that cannot be reached by it is not well. */
async function checkHealth(
  client: Client,
  context: Context,
  options: GrpcTransportOptions,
): Promise<boolean> {
  const operation = healthOperations.check;
  try {
    return (
      (await exchange(client, { operation, request: { service: '' }, headers: {} }, context, options)) ===
      'serving'
    );
  } catch (thrown) {
    // A server without the health service is alive: it has just said so.
    const error = AppError.from(thrown);
    // No answer is no answer, and not one that says no.
    if (error.code === 'deadline_exceeded') throw error;
    return error.code === 'unimplemented' || error.code === 'not_found';
  }
}
