import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProcessKit } from '../process-kit.ts';
import { takeClaims } from './claimed-headers.ts';
import { faultOfRequest, requestChecks } from './guard-request.ts';
import type { HttpLimits } from './http-limits.ts';
import type { OnUpgrade } from './http-listener.ts';
import { HttpRefusal } from './http-refusal.ts';
import { refuseOnSocket } from './raw-refusal.ts';

/**
 * What never becomes a request of the app: bytes that the parser refuses or that do not come in time, CONNECT, another protocol that
 * nobody here speaks, an expectation that nobody meets. Returns the connections that were handed over.
 */
export function refuseOddRequests(
  server: Server,
  limits: HttpLimits,
  { audit }: Pick<ProcessKit, 'audit'>,
  onUpgrade: OnUpgrade | undefined,
): ReadonlySet<Duplex> {
  const refuse = (socket: Duplex, refusal: HttpRefusal) => {
    // Listeners of ours accept TCP alone, though node types a request's connection as any stream.
    const address = 'remoteAddress' in socket ? String(socket.remoteAddress) : undefined;
    const status = String(refusal.status);
    audit({ action: 'request_refused', outcome: 'refused', reason: refusal.message, address, status });
    refuseOnSocket(socket, refusal);
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The client went away; there is nobody to answer.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') socket.destroy();
    else refuse(socket, refusalOf(error.code));
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    refuse(socket, new HttpRefusal(405, 'This method is not served.'));
  });
  server.on('checkExpectation', (request: IncomingMessage, _response: ServerResponse) => {
    refuse(request.socket, new HttpRefusal(417, 'The expectation cannot be met.'));
  });
  const upgraded = new Set<Duplex>();
  if (!onUpgrade) return upgraded;
  const { upgrade: _, ...checks } = requestChecks;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = faultOfRequest(request, limits, {
      ...checks,
      protocol: ({ headers }) =>
        headers.upgrade?.toLowerCase() === 'websocket'
          ? undefined
          : new HttpRefusal(400, 'The protocol cannot be changed to this one.'),
    });
    if (refusal) {
      refuse(socket, refusal);
      return;
    }
    takeClaims(request, limits.trustProxy);
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    onUpgrade(request, socket, head);
  });
  return upgraded;
}

function refusalOf(code: string | undefined): HttpRefusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpRefusal(408, 'The request did not arrive in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new HttpRefusal(431, 'The header fields are too large.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpRefusal(413, 'The body is larger than this server accepts.');
    default:
      return new HttpRefusal(400, 'The request is not valid HTTP/1.1.');
  }
}
