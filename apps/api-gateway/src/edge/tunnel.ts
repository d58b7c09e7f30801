import { request as openRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Context } from '@bff/core';
import type { FailureKind, Lease } from '@bff/load-balancing';
import { clientAddressOf, type OnUpgrade } from '@bff/server-kit';
import { planRetry } from '@bff/upstream';
import type { ForwardingParts } from '../proxy/forwarding-parts.ts';
import { edgeHeaders } from './edge-headers.ts';
import { joinSockets } from './join-sockets.ts';
import { passRefusal, refuse } from './raw-answer.ts';
import { openTunnelContext } from './tunnel-context.ts';
import { cancelled, failed, settleOnce, succeeded, type Settle } from './tunnel-outcome.ts';

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
  /** Those that nobody took. */
  #refused = 0;

  constructor(parts: ForwardingParts, request: IncomingMessage, client: Duplex, head: Buffer) {
    this.#parts = parts;
    this.#request = request;
    this.#client = client;
    this.#head = head;
    this.#context = openTunnelContext(parts, request, client);
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
    const { kit, endpoints, attemptTimeoutMs } = this.#parts;
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
      joinSockets({
        ...{ client: this.#client, clientHead: this.#head, upstream: socket, upstreamHead: head },
        ...{ response, settle, drain: kit.drain },
        onceSilent: (giveUp) => endpoints.onceSilent(lease.endpoint.id, giveUp),
      });
    });
    upstream.once('response', (response) => {
      answer();
      settle(
        response.statusCode !== undefined && response.statusCode >= 500 ? failed('server_error') : succeeded,
      );
      passRefusal(response, this.#client);
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
    if (failure === 'refused') this.#refused++;
    const delayMs = planRetry(
      {
        failure,
        operation: 'UPGRADE',
        safety: 'idempotent',
        hasIdempotencyKey: false,
        attempts: this.#attempts,
        refused: this.#refused,
        tried: this.#tried,
        mayStay: failure === 'refused',
        retriedInFront: false,
        settledBelow: false,
        remainingMs: this.#context.deadline.remainingMs(),
      },
      further,
    );
    if (delayMs === undefined) refuse(this.#client, 502);
    else kit.clock.after(delayMs, () => this.#client.destroyed || this.attempt());
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
