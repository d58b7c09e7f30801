import type { Outcome } from '../attack.ts';
import type { Target } from '../world/target.ts';
import { exchangeRaw } from './raw-http.ts';

/** A request that would be served, but for what an attack changes. */
export interface HttpRequest {
  readonly method?: string;
  /** Path and query as they are sent. */
  readonly target?: string;
  readonly version?: string;
  /** Default `edge.example`; undefined members of `lines` are left out. */
  readonly host?: string;
  /** More lines of the head, without their ends. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Sent instead of a right credential; null for none. */
  readonly authorization?: string | null;
}

export async function composeHttp(target: Target, request: HttpRequest): Promise<string> {
  const { method = 'GET', version = 'HTTP/1.1', host = 'edge.example', lines = [], body = '' } = request;
  const authorization =
    request.authorization === undefined ? `Bearer ${await target.token()}` : request.authorization;
  const head = [
    `${method} ${request.target ?? target.path} ${version}`,
    `Host: ${host}`,
    ...(authorization === null ? [] : [`Authorization: ${authorization}`]),
    ...target.extraHeaders.split('\n').filter((line) => line !== ''),
    ...lines,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

export async function sendHttp(target: Target, request: HttpRequest): Promise<Outcome> {
  return exchangeRaw(target.url, await composeHttp(target, request));
}

/** With the length that the body has. */
export function sendJson(
  target: Target,
  path: string,
  body: string,
  lines: readonly string[] = [],
  authorization?: string,
): Promise<Outcome> {
  const length = `Content-Length: ${Buffer.byteLength(body, 'latin1')}`;
  const type = lines.some((line) => /^content-type:/i.test(line)) ? [] : ['Content-Type: application/json'];
  return sendHttp(target, {
    ...{ method: 'POST', target: path, lines: [...type, length, ...lines], body },
    ...(authorization !== undefined && { authorization }),
  });
}
