import { join } from 'node:path';
import { Client, credentials, Metadata, status, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { RunningStack } from './running-stack.ts';
import { workspaceRoot } from './workspace.ts';

/** What became of everything that was sent. */
export interface LoadResult {
  sent: number;
  /** `web: 502`, one for each request that failed. */
  failures: string[];
  slowestMs: number;
}

export interface LoadOptions {
  /** Requests a second over all three clients. Default 45. */
  rate?: number;
  tokens: Record<'web' | 'mobile' | 'wearable', string>;
}

const screen = '{ order(id: "ord_0001") { status payment { status } } }';

type Send = (entry: string) => Promise<string | undefined>;

/**
 * Reads the same order by all three clients at a constant rate, whatever the answers do, while `action` runs. A client
 * that finds an entry closed, or loses its connection to it, takes the next one, as `docs/clients.md` advises for reads;
 * it does nothing about any other failure.
 */
export async function loadWhile(
  stack: RunningStack,
  { rate = 45, tokens }: LoadOptions,
  action: () => Promise<void>,
): Promise<LoadResult> {
  const { entries } = stack.state()!;
  const glances = openGlances(entries.wearable, tokens.wearable);
  const clients: [string, readonly string[], Send][] = [
    ['web', entries.web, (url) => fetchOk(`${url}/v1/orders/ord_0001`, bearer(tokens.web))],
    ['mobile', entries.mobile, (url) => fetchOk(`${url}/graphql`, graphql(tokens.mobile))],
    ['wearable', entries.wearable, glances.send],
  ];
  const result: LoadResult = { sent: 0, failures: [], slowestMs: 0 };
  const pending = new Set<Promise<void>>();
  const sendOne = async () => {
    const [name, addresses, send] = clients[result.sent++ % clients.length]!;
    const startedAt = performance.now();
    const failure = await sendToFirstOpen(addresses, send);
    result.slowestMs = Math.max(result.slowestMs, performance.now() - startedAt);
    if (failure !== undefined) result.failures.push(`${name}: ${failure}`);
  };
  const timer = setInterval(() => {
    const sending = sendOne().finally(() => pending.delete(sending));
    pending.add(sending);
  }, 1_000 / rate);
  try {
    await action();
  } finally {
    clearInterval(timer);
    await Promise.all(pending);
    glances.close();
  }
  return result;
}

const closed = 'closed';
const lostConnection = /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/;
const lostCall = /^(No connection established|read ECONNRESET|Connection dropped)/;

async function sendToFirstOpen(addresses: readonly string[], send: Send): Promise<string | undefined> {
  let failure: string | undefined = closed;
  for (const address of addresses) {
    failure = await send(address);
    if (failure !== closed) return failure;
  }
  return failure;
}

async function fetchOk(url: string, init: RequestInit): Promise<string | undefined> {
  try {
    const response = await fetch(url, init);
    const body = (await response.json()) as { errors?: unknown };
    return response.ok && body.errors === undefined
      ? undefined
      : `${response.status} ${JSON.stringify(body)}`;
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return lostConnection.test(code ?? '') ? closed : `${String(error)} ${code ?? ''}`;
  }
}

function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

function graphql(token: string): RequestInit {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: screen }),
  };
}

/** A connection to each wearable entry, kept open as a watch's is. */
function openGlances(addresses: readonly string[], token: string): { send: Send; close(): void } {
  const method = loadSync('wearable/v1/wearable_service.proto', {
    includeDirs: [join(workspaceRoot, 'apps/wearable-bff/proto')],
    keepCase: true,
  })['wearable.v1.WearableService'] as unknown as Record<string, MethodDefinition<object, object>>;
  const { path, requestSerialize, responseDeserialize } = method['GetOrderGlance']!;
  const clients = new Map(
    addresses.map((address) => [
      address,
      new Client(address, credentials.createInsecure(), {
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 500,
      }),
    ]),
  );
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return {
    send: (address) =>
      new Promise((resolve) => {
        clients
          .get(address)!
          .makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            { order_id: 'ord_0001' },
            metadata,
            { deadline: Date.now() + 8_000 },
            (error) => {
              if (!error) resolve(undefined);
              else
                resolve(
                  error.code === status.UNAVAILABLE && lostCall.test(error.details) ? closed : error.message,
                );
            },
          );
      }),
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}
