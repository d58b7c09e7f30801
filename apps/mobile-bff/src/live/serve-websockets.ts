import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { bearerChallenge } from '@bff/auth';
import { continueTrace } from '@bff/core';
import { chooseRequestId, originOf, problemOf, type OnUpgrade, type ProcessKit } from '@bff/server-kit';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { createWebsocketProtocol, type WebsocketProtocolOptions } from './websocket-protocol.ts';

export interface WebsocketOptions extends WebsocketProtocolOptions {
  kit: ProcessKit;
  path: string;
  /** Origins whose pages may connect beside this server's own; clients that are no browser name none. */
  allowedOrigins: readonly string[];
  maxMessageBytes: number;
}

/** The server side of WebSockets: whom to let in. What is spoken then is in `websocket-protocol.ts`. */
export interface Websockets {
  readonly onUpgrade: OnUpgrade;
  close(): void;
}

export function serveWebsockets(options: WebsocketOptions): Websockets {
  const { kit, authenticate, maxMessageBytes } = options;
  const speak = createWebsocketProtocol(options);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const refusal = refusalOf(request, options);
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    // A token in the header is checked before anything is spoken; without one the first message must have it.
    const { authorization } = request.headersDistinct;
    const identity = authorization && (await authenticate(authorization));
    if (socket.destroyed) return;
    server.handleUpgrade(request, socket, head, (websocket) => {
      speak(websocket, identity, {
        requestId: chooseRequestId(single(request.headers['x-request-id']), kit),
        trace: continueTrace(single(request.headers.traceparent), kit.randomHex),
        origin: originOf(request),
      });
    });
  };
  return {
    onUpgrade(request, socket, head) {
      // Where `ws` does not have it, nobody else listens for what goes wrong with the connection, and that would end the process.
      socket.on('error', () => socket.destroy());
      open(request, socket, head).catch((thrown: unknown) => {
        const { status, code: reason } = problemOf(thrown);
        const { address } = originOf(request);
        kit.audit({ action: 'access_refused', outcome: 'refused', reason, address, status: String(status) });
        refuse(socket, status);
      });
    },
    close: () => server.close(),
  };
}

/** The status that says why a stranger is not let in; undefined for whoever may try. */
function refusalOf(
  request: IncomingMessage,
  { path, allowedOrigins }: Pick<WebsocketOptions, 'path' | 'allowedOrigins'>,
): number | undefined {
  if (pathOf(request) !== path) return 404;
  return isAllowedOrigin(request, allowedOrigins) ? undefined : 403;
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

/**
 * Browsers let every page open a WebSocket to anywhere and say which page it was. A token that the page must send itself
 * is the real protection; this keeps strangers' pages from trying.
 */
function isAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  return origin === undefined || allowed.includes(origin) || URL.parse(origin)?.host === host;
}

function refuse(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Length: 0',
    ...(status === 401 ? [`WWW-Authenticate: ${bearerChallenge({ error: 'invalid_token' })}`] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
