import { join } from 'node:path';
import {
  Client,
  credentials,
  Metadata,
  status,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { workspaceRoot } from './workspace.ts';

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  bytes: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests know what they asked for
  json: any;
  elapsedMs: number;
}

/** One GET as a browser's script sends it. */
export async function get(url: string, token?: string): Promise<HttpAnswer> {
  return send(url, { headers: authorization(token) });
}

/** One GraphQL query as a phone sends it. */
export async function query(url: string, document: string, token?: string): Promise<HttpAnswer> {
  const headers = { ...authorization(token), 'content-type': 'application/json' };
  return send(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: document }) });
}

async function send(url: string, init: RequestInit): Promise<HttpAnswer> {
  const start = performance.now();
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  return {
    ...{ status: response.status, headers: response.headers, text, bytes: bytes.length },
    json: text === '' ? undefined : JSON.parse(text),
    elapsedMs: performance.now() - start,
  };
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

export interface GrpcAnswer {
  /** `OK`, `NOT_FOUND` … */
  status: string;
  /** The message of a status other than OK. */
  details: string;
  bytes: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests know what they asked for
  message: any;
  elapsedMs: number;
}

const wearable = loadSync('wearable/v1/wearable_service.proto', {
  includeDirs: [join(workspaceRoot, 'apps/wearable-bff/proto')],
  keepCase: true,
  longs: Number,
  enums: String,
  arrays: true,
})['wearable.v1.WearableService'] as unknown as Record<string, MethodDefinition<object, object>>;

/** One call of the watch's public contract, as a stranger's client makes it. */
export async function glance(address: string, orderId: string, token?: string): Promise<GrpcAnswer> {
  const method = wearable['GetOrderGlance']!;
  const answer = await callUnary({
    address,
    path: method.path,
    request: method.requestSerialize({ order_id: orderId }),
    ...(token !== undefined && { token }),
  });
  return { ...answer, message: answer.body && method.responseDeserialize(answer.body) };
}

export interface RawCall {
  address: string;
  path: string;
  request: Buffer;
  token?: string;
}

/** One unary call in bytes. */
export async function callUnary(call: RawCall): Promise<Omit<GrpcAnswer, 'message'> & { body?: Buffer }> {
  const client = new Client(call.address, credentials.createInsecure());
  const metadata = new Metadata();
  if (call.token !== undefined) metadata.set('authorization', `Bearer ${call.token}`);
  const same = (bytes: Buffer) => bytes;
  const start = performance.now();
  try {
    return await new Promise((resolve) => {
      const answered = (error: ServiceError | null, body?: Buffer) =>
        resolve({
          status: status[error?.code ?? status.OK],
          details: error?.details ?? '',
          bytes: body?.length ?? 0,
          ...(body && { body }),
          elapsedMs: performance.now() - start,
        });
      const options = { deadline: Date.now() + 10_000 };
      client.makeUnaryRequest(call.path, same, same, call.request, metadata, options, answered);
    });
  } finally {
    client.close();
  }
}
