import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';

/** Far longer than any limit of time that the attacked servers have. */
const patienceMs = 4_000;

export interface GrpcAnswer {
  /** `grpc-status`; -1 when the stream ended without one, as one does that is reset. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Everything the server said but its messages. */
  readonly text: string;
  /** Its messages, byte for byte. */
  readonly body: string;
}

export interface GrpcRequest {
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** What follows the headers, byte for byte. */
  readonly body?: Buffer;
  /** Leaves the request open. */
  readonly open?: boolean;
}

/** A message with its five bytes in front; `length` may lie. */
export function grpcMessage(message: Uint8Array, { compressed = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** One HTTP/2 connection; `grpc://127.0.0.1:9201`. */
export function openSession(url: string): ClientHttp2Session {
  const session = connect(`http://${new URL(url).host}`);
  session.on('error', () => undefined);
  return session;
}

/** Sends one call over a connection of its own, or over `session`. */
export async function exchangeGrpc(
  url: string,
  request: GrpcRequest,
  session = openSession(url),
): Promise<GrpcAnswer> {
  const { path, headers = {}, body = grpcMessage(Buffer.alloc(0)), open = false } = request;
  try {
    return await new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      let said: IncomingHttpHeaders = {};
      const note = (given: IncomingHttpHeaders) => (said = { ...said, ...given });
      stream
        .on('response', note)
        .on('trailers', note)
        .on('error', () => undefined);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      session.once('error', reject);
      stream.setTimeout(patienceMs, () => {
        stream.close();
      });
      stream.on('close', () => {
        session.off('error', reject);
        const details = Buffer.from(String(said['grpc-status-details-bin'] ?? ''), 'base64').toString(
          'latin1',
        );
        resolve({
          status: Number(said['grpc-status'] ?? -1),
          headers: said,
          text: `${JSON.stringify(said)} ${details}`,
          body: Buffer.concat(chunks).toString('latin1'),
        });
      });
      stream.write(body);
      if (!open) stream.end();
    });
  } catch {
    return { status: -1, headers: {}, text: '', body: '' };
  } finally {
    session.destroy();
  }
}
