import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { AppError } from '@bff/core';
import { answerHeaders, statusTrailers } from './call-headers.ts';

export interface PassedAnswer {
  /** Ends the answer with a status of the edge's own. */
  endWith(error: AppError): void;
}

/** RFC 9113, 8.1: an answer that is whole before its request is ends the request without an error. */
export function endRequest(client: ServerHttp2Stream): void {
  if (client.readableEnded) return;
  // The reset would overtake what is still to be written, and that is done in the next turn of the loop.
  setImmediate(() =>
    setImmediate(() => {
      if (!client.destroyed) client.close(constants.NGHTTP2_NO_ERROR);
    }),
  );
}

export interface PassAnswerOptions {
  readonly upstream: ClientHttp2Stream;
  readonly client: ServerHttp2Stream;
  readonly head: IncomingHttpHeaders;
  /** Whether a reset of the stream is the instance's own word, and not that of a connection which was lost. */
  readonly isConnected: () => boolean;
  /** Told once: the trailers, or undefined when the answer broke off. */
  readonly onEnd: (trailers: IncomingHttpHeaders | undefined) => void;
}

/** Passes messages and trailers on, no faster than the client reads. */
export function passAnswer(options: PassAnswerOptions): PassedAnswer {
  const { upstream, client, head, isConnected, onEnd } = options;
  let trailers: IncomingHttpHeaders | undefined;
  let final: OutgoingHttpHeaders | 'reset' | undefined;
  client.respond(answerHeaders(head), { waitForTrailers: true });
  client.once('wantTrailers', () => {
    // Trailers would end in order what is about to be reset.
    if (final === 'reset') return;
    client.sendTrailers(final ?? {});
    endRequest(client);
  });
  client.on('drain', () => upstream.resume());
  const end = (last: OutgoingHttpHeaders) => {
    if (final !== undefined || client.destroyed) return;
    final = last;
    client.end();
  };
  const complete = () => {
    if (trailers === undefined || !upstream.readableEnded || final !== undefined) return;
    onEnd(trailers);
    end(answerHeaders(trailers));
  };
  upstream.on('data', (chunk: Buffer) => {
    if (final === undefined && !client.destroyed && !client.write(chunk)) upstream.pause();
  });
  upstream.once('trailers', (given: IncomingHttpHeaders) => {
    trailers = given;
    complete();
  });
  upstream.once('end', complete);
  upstream.once('close', () => {
    complete();
    if (final !== undefined || client.destroyed) return;
    onEnd(undefined);
    const reset = upstream.rstCode;
    if (isConnected() && reset !== constants.NGHTTP2_NO_ERROR) {
      final = 'reset';
      client.close(reset);
    } else {
      end(
        statusTrailers(new AppError('unavailable', 'The connection was lost during the answer; call again.')),
      );
    }
  });
  return {
    endWith(error) {
      end(statusTrailers(error));
    },
  };
}
