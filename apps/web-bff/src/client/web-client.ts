import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/openapi-types.ts';
import { followOrder, type FollowOrder } from './follow-order.ts';

type Schemas = components['schemas'];

export type Order = Schemas['Order'];
export type OrderPage = Schemas['OrderPage'];
export type OrderUpdate = Schemas['OrderUpdate'];
export type CheckoutRequest = Schemas['CheckoutRequest'];
export type Problem = Schemas['Problem'];

export interface WebClientOptions {
  /** Where web-bff is, `https://shop.example`; a page that web-bff serves itself gives its own origin. */
  baseUrl: string;
  /** The access token to send; a browser with a session needs none, its cookie does. */
  accessToken?: () => string | Promise<string>;
  /** Default: that of the platform. */
  fetch?: typeof globalThis.fetch;
  /** In [0, 1), so that clients who lost one server do not return at one moment. Default: that of the platform. */
  random?: () => number;
}

/** Every operation of web-bff, typed by its OpenAPI document: `client.GET('/v1/orders/{orderId}', …)`. */
export interface WebClient extends Client<paths> {
  /** An order's changes as they happen, over as many connections as it takes: none is missed and none comes twice. */
  readonly followOrder: FollowOrder;
}

/** Makes a client. Answers that are no success come as `error`, a problem (RFC 9457) with a stable `code`. */
export function createWebClient(options: WebClientOptions): WebClient {
  const { baseUrl, accessToken, fetch = globalThis.fetch, random = Math.random } = options;
  const authorised = async (request: Request): Promise<Response> => {
    if (accessToken) request.headers.set('Authorization', `Bearer ${await accessToken()}`);
    return fetch(request);
  };
  const client = createClient<paths>({
    baseUrl,
    fetch: authorised,
    // `fields=orderId,total`: a list has commas, as the document says.
    querySerializer: { array: { style: 'form', explode: false } },
  });
  return Object.assign(client, { followOrder: followOrder(baseUrl, authorised, random) });
}
