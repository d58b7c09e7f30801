import type { Context } from '@bff/core';
import type { Operation } from '@bff/contracts';
import type { Endpoint, HealthCheck, Lease } from '@bff/load-balancing';

/** One call of an operation, before an instance is chosen. */
export interface UpstreamCall<Req, Res> {
  readonly operation: Operation<Req, Res>;
  readonly request: Req;
  /** HTTP headers or gRPC metadata, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ids of the endpoints that this call has tried: a further attempt goes to another one. */
  readonly tried: Set<string>;
  /** Whether a failed attempt may be made again. */
  readonly repeatable: boolean;
  /** What the attempt is: the first one, another one after a failure, or one beside the first. */
  readonly role: 'first' | 'retry' | 'hedge';
}

/** One attempt at one instance. */
export interface Attempt<Req, Res> extends UpstreamCall<Req, Res> {
  readonly lease: Lease;
}

/**
 * Carries attempts over one protocol. Throws nothing but AppErrors: the service's own; `unavailable` when no
 * answer came or it made no sense; the reason of `context.signal` as soon as that aborts.
 * What went wrong underneath is the cause and never the message, since messages reach clients.
 */
export interface Transport {
  readonly protocol: 'http' | 'grpc';
  exchange<Req, Res>(attempt: Attempt<Req, Res>, context: Context): Promise<Res>;
  stream<Req, Res>(attempt: Attempt<Req, Res>, context: Context): AsyncIterable<Res>;
  /** Asks an instance whether it is well; one that answers without knowing the question counts as well. */
  readonly check: HealthCheck;
  /** Closes the connections to an instance that is gone, once what is in flight there has ended. */
  forget(endpoint: Endpoint): void;
  /** Finishes what is in flight and closes the connections. */
  close(): Promise<void>;
}
