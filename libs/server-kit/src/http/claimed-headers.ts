import type { IncomingMessage } from 'node:http';
import type { RequestOrigin, TrustedProxies } from '../edge/trusted-proxies.ts';

/**
 * Headers by which somebody says who he is, where he comes from or what he really wants. In this workspace only tokens say
 * that, so no server believes or forwards them.
 */
const claims =
  /^(?:forwarded|via|x-(?:forwarded|original|user|principal|subject|auth|authenticated|internal|remote|role|roles|scope|scopes|customer|client|real-ip|cluster-client|rewrite|http-method|method|envoy)(?:-.*)?|(?:true|fastly|cf|ssl|fly)-(?:client|connecting).*)$/;

/** Whether a header (in lower case) claims something. Some servers read `X_User_Id` as `X-User-Id`. */
export function isClaim(name: string): boolean {
  return name.includes('_') || claims.test(name);
}

const origins = new WeakMap<IncomingMessage, RequestOrigin>();

/**
 * Notes the client's address and takes away what the request claims, so that no code behind can come to rely on it. What a
 * trusted proxy says about its client is used here, and nowhere else.
 */
export function takeClaims(request: IncomingMessage, trustProxy: TrustedProxies): void {
  const { headers, headersDistinct, socket } = request;
  const forwardedFor = headersDistinct['x-forwarded-for']?.join(',');
  origins.set(request, trustProxy.originOf(socket.remoteAddress ?? 'unknown', forwardedFor));
  for (const name of Object.keys(headers)) {
    if (!isClaim(name)) continue;
    // The lists are made by node when they are first read, and kept.
    Reflect.deleteProperty(headers, name);
    Reflect.deleteProperty(headersDistinct, name);
  }
}

/** Where a request comes from: the peer, or whom a trusted proxy names. */
export function originOf(request: IncomingMessage): RequestOrigin {
  return origins.get(request) ?? { address: request.socket.remoteAddress ?? 'unknown', isClient: false };
}

/** The address of `originOf`. */
export function clientAddressOf(request: IncomingMessage): string {
  return originOf(request).address;
}
