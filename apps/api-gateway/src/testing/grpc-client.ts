import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { readFrame, writeFrame } from '../edge/grpc/message-frame.ts';

export interface CallResult {
  /** Undefined when there was none. */
  status: string | undefined;
  message: string | undefined;
  head: IncomingHttpHeaders;
  trailers: IncomingHttpHeaders;
  resetCode: number;
}

export const readPath = '/wearable.v1.WearableService/GetOrderGlance';
export const writePath = '/wearable.v1.WearableService/CancelOrder';

/** A connection that shows what is on the wire. */
export function openGrpcClient(url: string) {
  const session = connect(url);
  session.on('error', () => undefined);
  const open = (path: string, headers: OutgoingHttpHeaders = {}) => {
    const stream = session.request(
      { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers },
      { endStream: false },
    );
    stream.on('error', () => undefined);
    return stream;
  };
  return {
    session,
    open,
    call(path: string, headers: OutgoingHttpHeaders = {}, text = 'request'): Promise<CallResult> {
      const stream = open(path, headers);
      const chunks: Buffer[] = [];
      let head: IncomingHttpHeaders = {};
      let trailers: IncomingHttpHeaders = {};
      stream.on('response', (given) => (head = given));
      stream.on('trailers', (given) => (trailers = given));
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.end(writeFrame(Buffer.from(text)));
      return new Promise((resolve) => {
        stream.once('close', () => {
          const status = trailers['grpc-status'] ?? head['grpc-status'];
          const message = readFrame(Buffer.concat(chunks))?.toString();
          resolve({
            ...{ status: typeof status === 'string' ? status : undefined, message, head, trailers },
            resetCode: stream.rstCode,
          });
        });
      });
    },
    close: () => session.destroy(),
  };
}
