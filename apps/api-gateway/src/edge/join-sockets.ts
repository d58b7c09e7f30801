import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { responseHead } from './raw-answer.ts';
import { FrameBoundary, goingAwayFrame } from './websocket-frames.ts';
import { cancelled, failed, succeeded, type Settle } from './tunnel-outcome.ts';

export interface JoinedSockets {
  readonly client: Duplex;
  /** What the client has sent beyond its request. */
  readonly clientHead: Buffer;
  readonly upstream: Socket;
  readonly upstreamHead: Buffer;
  /** The instance's consent. */
  readonly response: IncomingMessage;
  /** This process is about to end: the client is to connect elsewhere. */
  readonly drain: AbortSignal;
  /** Calls back when the instance gives no sign of life any more; returns how to stop waiting for that. */
  readonly onceSilent: (giveUp: () => void) => () => void;
  readonly settle: Settle;
}

/** Connects both ways, until either side ends it. */
export function joinSockets(sockets: JoinedSockets): void {
  const { client, clientHead, upstream, upstreamHead, response, drain, onceSilent, settle } = sockets;
  const boundary = new FrameBoundary();
  boundary.push(upstreamHead);
  upstream.on('data', (chunk: Buffer) => {
    boundary.push(chunk);
  });
  client.write(responseHead(101, response.rawHeaders));
  if (upstreamHead.length > 0) client.write(upstreamHead);
  if (clientHead.length > 0) upstream.write(clientHead);
  upstream.setNoDelay(true);
  upstream.pipe(client).pipe(upstream);
  const moveOn = () => {
    settle(cancelled);
    upstream.unpipe(client);
    // In the instance's place: a client that is told connects again at once, and one that is cut takes it for an error.
    client.end(boundary.isBetweenFrames ? goingAwayFrame : undefined, () => client.destroy());
    upstream.destroy();
  };
  drain.addEventListener('abort', moveOn, { once: true });
  const stopWaiting = onceSilent(moveOn);
  upstream.once('error', () => settle(failed('reset')));
  upstream.once('close', () => {
    settle(succeeded);
    stopWaiting();
    drain.removeEventListener('abort', moveOn);
    if (!client.writableEnded) client.destroy();
  });
  client.once('close', () => {
    settle(cancelled);
    upstream.destroy();
  });
}
