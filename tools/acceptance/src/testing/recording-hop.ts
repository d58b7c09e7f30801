import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived, in this process's time. */
export interface SeenRequest {
  readonly path: string;
  /** `x-request-timeout-ms`; NaN without one. */
  readonly timeoutMs: number;
  readonly retried: boolean;
  readonly arrivedAt: number;
  /** When whoever sent it ended it, unanswered. */
  abandonedAt: number | undefined;
}

export interface RecordingHop {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A service that notes what it is asked and never answers; its health is fine. */
export function startSilentService(): Promise<RecordingHop> {
  return listen(() => undefined);
}

/** Stands between two tiers: notes what passes, and passes it on, a departed sender included. */
export function startRecordingHop(to: string): Promise<RecordingHop> {
  const { hostname, port } = new URL(to);
  return listen((request, response) => {
    const { method, url: path, headers } = request;
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<RecordingHop> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/readyz') {
      response.end('ready\n');
      return;
    }
    const entry: SeenRequest = {
      path: request.url ?? '',
      timeoutMs: Number(request.headers['x-request-timeout-ms'] ?? NaN),
      retried: request.headers['x-request-retried'] !== undefined,
      arrivedAt: performance.now(),
      abandonedAt: undefined,
    };
    seen.push(entry);
    response.once('close', () => {
      if (!response.writableFinished) entry.abandonedAt = performance.now();
    });
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
