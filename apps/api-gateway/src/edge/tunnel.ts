import {
  request as openRequest,
  STATUS_CODES,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, continueTrace, openContext, type Context } from '@bff/core';
import type { FailureKind, Lease, Outcome } from '@bff/load-balancing';
import { chooseRequestId, clientAddressOf, type OnUpgrade } from '@bff/server-kit';
import { planRetry } from '@bff/upstream';
import type { ForwardingParts } from '../proxy/forwarded-request.ts';
import { edgeHeaders } from './edge-headers.ts';

/**
 * Connects WebSockets through to an instance. `http-proxy-middleware` can do that, too, but it ends the client's
 * connection with the first instance that refuses; here another one is asked, as long as none has answered.
 */
export function createTunnel(parts: ForwardingParts): OnUpgrade {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    new Tunnel(parts, request, socket, head).attempt();
  };
}

class Tunnel {
  readonly #parts: ForwardingParts;
  readonly #request: IncomingMessage;
  readonly #client: Duplex;
  readonly #head: Buffer;
  readonly #context: Context;
  readonly #tried = new Set<string>();
  #attempts = 0;

  constructor(parts: ForwardingParts, request: IncomingMessage, client: Duplex, head: Buffer) {
    this.#parts = parts;
    this.#request = request;
    this.#client = client;
    this.#head = head;
    this.#context = contextOf(parts, request, client);
    parts.further.budget.recordCall();
  }

  attempt(): void {
    try {
      const { endpoints, kit, service } = this.#parts;
      const lease = endpoints.balancer.acquire({ exclude: this.#tried, stream: true });
      this.#tried.add(lease.endpoint.id);
      this.#attempts++;
      const startedAt = kit.clock.now();
      const settle = settleOnce((outcome) => {
        lease.done(outcome(kit.clock.now() - startedAt));
        const result = outcome(0).kind === 'failure' ? 'unavailable' : 'ok';
        const durationMs = kit.clock.now() - startedAt;
        const endpoint = lease.endpoint.id;
        kit.metrics.upstreamAttempt({
          upstream: service,
          endpoint,
          operation: 'UPGRADE',
          outcome: result,
          durationMs,
        });
      });
      this.#shakeHands(lease, settle);
    } catch {
      refuse(this.#client, 503);
    }
  }

  #shakeHands(lease: Lease, settle: Settle): void {
    const { kit, attemptTimeoutMs } = this.#parts;
    const upstream = openRequest(lease.endpoint.url, {
      path: this.#request.url,
      headers: this.#headers(),
      agent: false,
    });
    let answered = false;
    let connected = false;
    const stopTimer = kit.clock.after(attemptTimeoutMs, () =>
      upstream.destroy(new Error('No answer in time.')),
    );
    const leave = () => {
      settle(cancelled);
      stopTimer();
      upstream.destroy();
    };
    this.#client.once('close', leave);
    const answer = () => {
      answered = true;
      stopTimer();
      this.#client.removeListener('close', leave);
    };
    upstream.once('socket', (socket) => socket.once('connect', () => (connected = true)));
    upstream.once('upgrade', (response, socket: Socket, head: Buffer) => {
      answer();
      this.#connect(response, socket, head, settle);
    });
    upstream.once('response', (response) => {
      answer();
      settle(
        response.statusCode !== undefined && response.statusCode >= 500 ? failed('server_error') : succeeded,
      );
      this.#passRefusal(response);
    });
    upstream.on('error', () => {
      if (answered || this.#client.destroyed) return;
      answer();
      const failure = connected ? 'reset' : 'refused';
      settle(failed(failure));
      this.#retry(failure);
    });
    upstream.end();
  }

  #retry(failure: FailureKind): void {
    const { further, kit } = this.#parts;
    const delayMs = planRetry(
      {
        failure,
        operation: 'UPGRADE',
        safety: 'idempotent',
        hasIdempotencyKey: false,
        attempts: this.#attempts,
        tried: this.#tried,
        mayStay: false,
        retriedInFront: false,
        settledBelow: false,
        remainingMs: this.#context.deadline.remainingMs(),
      },
      further,
    );
    if (delayMs === undefined) refuse(this.#client, 502);
    else kit.clock.after(delayMs, () => this.#client.destroyed || this.attempt());
  }

  /** Both ways, until either side ends it; when this process drains the client is to connect elsewhere. */
  #connect(response: IncomingMessage, upstream: Socket, head: Buffer, settle: Settle): void {
    const client = this.#client;
    const { drain } = this.#parts.kit;
    client.write(responseHead(101, response.rawHeaders));
    if (head.length > 0) client.write(head);
    if (this.#head.length > 0) upstream.write(this.#head);
    upstream.setNoDelay(true);
    upstream.pipe(client).pipe(upstream);
    const moveOn = () => {
      settle(cancelled);
      client.end();
      upstream.destroy();
    };
    drain.addEventListener('abort', moveOn, { once: true });
    upstream.once('error', () => settle(failed('reset')));
    upstream.once('close', () => {
      settle(succeeded);
      drain.removeEventListener('abort', moveOn);
      client.destroy();
    });
    client.once('close', () => {
      settle(cancelled);
      upstream.destroy();
    });
  }

  /** The BFF does not want this connection, and says why. */
  #passRefusal(response: IncomingMessage): void {
    const headers = response.rawHeaders.filter(
      (_, index, all) => !/^(connection|keep-alive|transfer-encoding)$/i.test(all[index & ~1] ?? ''),
    );
    this.#client.write(responseHead(response.statusCode ?? 502, [...headers, 'Connection', 'close']));
    response.pipe(this.#client);
  }

  #headers(): IncomingHttpHeaders {
    const { headers } = this.#request;
    const first = edgeHeaders(
      headers,
      { address: clientAddressOf(this.#request), isEncrypted: false },
      this.#context,
    );
    const retried = this.#attempts > 1 ? { 'x-request-retried': '1' } : {};
    return { ...first, ...retried, connection: 'Upgrade', upgrade: 'websocket' };
  }
}

type Settle = (outcome: (elapsedMs: number) => Outcome) => void;

const succeeded = (): Outcome => ({ kind: 'success', latencyMs: undefined });
const cancelled = (elapsedMs: number): Outcome => ({ kind: 'cancelled', elapsedMs });
const failed =
  (failure: FailureKind) =>
  (elapsedMs: number): Outcome => ({ kind: 'failure', failure, elapsedMs });

/** The first word counts: how a tunnel ends is told by both of its sides. */
function settleOnce(settle: Settle): Settle {
  let open = true;
  return (outcome) => {
    if (open) settle(outcome);
    open = false;
  };
}

function contextOf(
  { kit, headTimeoutMs = 10_000 }: ForwardingParts,
  { headers }: IncomingMessage,
  client: Duplex,
): Context {
  const given = headers['x-request-id'];
  const scope = openContext({
    clock: kit.clock,
    timeoutMs: headTimeoutMs,
    requestId: chooseRequestId(typeof given === 'string' ? given : undefined, kit),
    trace: continueTrace(
      typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
      kit.randomHex,
    ),
    principal: undefined,
    idempotencyKey: undefined,
  });
  client.once('close', () => scope.cancel(new AppError('cancelled', 'The client went away.')));
  return scope.context;
}

function responseHead(status: number, rawHeaders: readonly string[]): string {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
  );
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
}

function refuse(client: Duplex, status: number): void {
  client.end(responseHead(status, ['Connection', 'close', 'Content-Length', '0']));
}
