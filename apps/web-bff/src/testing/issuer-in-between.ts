import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands between an app and its issuer, and stops what passes. */
export interface IssuerInBetween {
  readonly url: string;
  /** Resolves when the next token request has come here; it goes on when `pass` is called. */
  asked(): Promise<{ pass: () => void }>;
  /** Resolves when the issuer has answered a token request; the answer goes on when `pass` is called. */
  answered(): Promise<{ pass: () => void }>;
  close(): Promise<void>;
}

type Stop = (held: { pass: () => void }) => void;

export async function startIssuerInBetween(issuer: string): Promise<IssuerInBetween> {
  const stops: { asked?: Stop | undefined; answered?: Stop | undefined } = {};
  const stop = async (at: 'asked' | 'answered', path: string) => {
    const told = stops[at];
    if (!told || path !== '/token') return;
    stops[at] = undefined;
    await new Promise<void>((pass) => {
      told({ pass });
    });
  };
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '' } = request;
    const body = await buffer(request);
    await stop('asked', path);
    const headers = Object.fromEntries(
      ['authorization', 'content-type'].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const answer = await fetch(issuer + path, { method, headers, ...(method === 'POST' && { body }) });
    const text = await answer.text();
    await stop('answered', path);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const hold = (at: 'asked' | 'answered') =>
    new Promise<{ pass: () => void }>((resolve) => {
      stops[at] = resolve;
    });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: () => hold('asked'),
    answered: () => hold('answered'),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
