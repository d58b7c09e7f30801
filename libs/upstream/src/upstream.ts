import { stack, type Call, type Clock } from '@bff/core';
import type { StreamOperation, UnaryOperation } from '@bff/contracts';
import {
  createRoundRobinBalancer,
  type Balancer,
  type Endpoint,
  type EndpointSnapshot,
} from '@bff/load-balancing';
import { accountOutcome, type OnAttempt } from './account-outcome.ts';
import { balance } from './balance.ts';
import { carryHeaders, type InternalToken } from './carried-headers.ts';
import { createGrpcTransport } from './grpc/grpc-transport.ts';
import { createHttpTransport } from './http/http-transport.ts';
import { limitTime } from './limit-time.ts';
import { parseUpstreamUrls } from './parse-upstream-urls.ts';
import { createPort, type OperationTable, type PortOf, type StreamCall } from './port.ts';
import { createStreamCall } from './stream-call.ts';
import type { Attempt, Transport, UpstreamCall } from './transport.ts';

export interface UpstreamOptions {
  /** `orders`; names the upstream in metrics. */
  name: string;
  /** `http://a:3000,http://b:3000` or `grpc://…`; see `parseUpstreamUrls`. */
  urls: string;
  clock: Clock;
  internalToken: InternalToken;
  /** The audience of the internal token: the service's name. */
  audience: string;
  /** How long one attempt may take; the caller's deadline cuts it shorter. Streams have the caller's deadline alone. */
  timeoutMs: number;
  onAttempt?: OnAttempt;
  /** Default: round robin. */
  createBalancer?: (endpoints: readonly Endpoint[]) => Balancer;
  /** How much sooner than here the deadline is at the service, in milliseconds. Default 5. */
  deadlineMarginMs?: number;
  /** Larger answers are refused. Default 4 MiB. */
  maxResponseBytes?: number;
  /** HTTP: connections per instance; further calls wait for one within their deadline. Default 64. */
  maxConnections?: number;
  /** HTTP: how long connecting may take. Default 1000. */
  connectTimeoutMs?: number;
}

/** One service, through however many instances. */
export interface Upstream {
  /** The service's port: one function per operation. */
  port<Operations extends OperationTable>(operations: Operations): PortOf<Operations>;
  endpoints(): readonly EndpointSnapshot[];
  /** Finishes what is in flight and closes the connections; later calls fail with `unavailable`. */
  close(): Promise<void>;
}

/** Throws an Error with a clear message when `urls` cannot be read. Connects lazily. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { scheme, endpoints } = parseUpstreamUrls(options.urls);
  const balancer = (options.createBalancer ?? createRoundRobinBalancer)(endpoints);
  const transport = createTransport(scheme, options);
  return {
    port: (operations) =>
      createPort(operations, {
        unary: (operation) => createUnaryCall(operation, options, balancer, transport),
        stream: (operation) => createStream(operation, options, balancer, transport),
      }),
    endpoints: () => balancer.endpoints(),
    async close() {
      balancer.close();
      await transport.close();
    },
  };
}

function createTransport(scheme: 'http' | 'grpc', options: UpstreamOptions): Transport {
  const { clock, deadlineMarginMs = 5, maxResponseBytes = 4 * 1024 * 1024 } = options;
  const common = { clock, deadlineMarginMs, maxResponseBytes };
  if (scheme === 'grpc') return createGrpcTransport(common);
  const { maxConnections = 64, connectTimeoutMs = 1_000 } = options;
  return createHttpTransport({ ...common, maxConnections, connectTimeoutMs });
}

function createUnaryCall<Req, Res>(
  operation: UnaryOperation<Req, Res>,
  options: UpstreamOptions,
  balancer: Balancer,
  transport: Transport,
): Call<Req, Res> {
  const { name, clock, onAttempt, timeoutMs } = options;
  const attempt = stack<Attempt<Req, Res>, Res>(
    [
      // Above the timeout, so that an attempt that was cut off counts against the instance.
      accountOutcome({ upstream: name, clock, onAttempt }),
      // Around the exchange alone: every attempt has its own time.
      limitTime(timeoutMs, clock),
    ],
    (request, context) => transport.exchange(request, context),
  );
  const call = stack<UpstreamCall<Req, Res>, Res>(
    [
      // Once per call and before an instance is picked: minting is not the instance's time nor its fault.
      // Retry belongs below it and above the balancer, so that a second attempt goes to another instance.
      carryHeaders(options),
    ],
    balance(balancer, attempt),
  );
  return (request, context) => call({ operation, request, headers: {}, tried: new Set() }, context);
}

function createStream<Req, Res>(
  operation: StreamOperation<Req, Res>,
  options: UpstreamOptions,
  balancer: Balancer,
  transport: Transport,
): StreamCall<Req, Res> {
  const { name, clock, onAttempt } = options;
  return createStreamCall({
    operation,
    identity: options,
    balancer,
    transport,
    upstream: name,
    clock,
    onAttempt,
  });
}
