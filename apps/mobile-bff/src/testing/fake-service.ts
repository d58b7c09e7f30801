import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInternalTokenVerifier, readBearer } from '@bff/auth';
import type { TestInternalKeys } from '@bff/auth/testing';
import type { ListQuery, Page, UnaryOperation } from '@bff/contracts';
import { AppError, hasRole, systemClock } from '@bff/core';
import { problemOf } from '@bff/server-kit';

/** How a fake answers: as it should, never, with an error that names inside things, with half an answer, or with a reset. */
export type Mood = 'well' | 'hangs' | 'fails' | 'babbles' | 'resets';

export interface FakeService {
  readonly url: string;
  mood: Mood;
  /** Moods towards calls about one order. */
  readonly moods: Map<string, Mood>;
  /** One line per call: `GetOrder`, `ListPayments`. */
  readonly calls: string[];
  /** Number of calls whose caller hung up before the answer. */
  abandoned: number;
  stop(): Promise<void>;
}

interface Item {
  orderId: string;
  customerId: string;
  status: string;
}

export interface FakeServiceOptions<T extends Item> {
  /** Audience of the tokens that it accepts. */
  name: string;
  items: readonly T[];
  list: UnaryOperation<ListQuery<T['status']>, Page<T>>;
  get?: UnaryOperation<{ orderId: string }, T>;
  keys: TestInternalKeys;
}

const insideName = 'connect ECONNREFUSED payments-db.internal:5432';

/** A service over HTTP/JSON on a free port, from its operation table: paging by offset, one customer's items only but for support. */
export async function startFakeService<T extends Item>(options: FakeServiceOptions<T>): Promise<FakeService> {
  const verifier = createInternalTokenVerifier({
    keys: options.keys.keys,
    audience: options.name,
    clock: systemClock,
  });
  const server = createServer((request, response) => {
    // A health check is no call of the service.
    if (request.url === '/readyz') {
      response.end();
      return;
    }
    response.on('close', () => {
      if (!response.writableFinished) fake.abandoned += 1;
    });
    void answer(request, response).catch((thrown: unknown) => {
      const problem = problemOf(thrown);
      response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify(problem));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://fake');
    const orderId = url.pathname.split('/')[3];
    const operation = orderId === undefined ? options.list : options.get!;
    fake.calls.push(operation.name);
    const mood = fake.moods.get(orderId ?? url.searchParams.get('orderIds') ?? '') ?? fake.mood;
    if (mood === 'hangs') return;
    if (mood === 'resets') return void request.socket.resetAndDestroy();
    response.setHeader('content-type', 'application/json');
    if (mood === 'fails') return void response.writeHead(500).end(JSON.stringify({ error: insideName }));
    if (mood === 'babbles') return void response.end('{"orders":[{');
    const principal = await verifier.verify(readBearer(request.headers.authorization));
    const visible = options.items.filter(
      ({ customerId }) => customerId === principal.subject || hasRole(principal, 'support'),
    );
    const json =
      orderId === undefined
        ? options.list.response.toJson(page(visible, options.list.request.fromJson(queryOf(url))))
        : options.get!.response.toJson(find(visible, decodeURIComponent(orderId)));
    response.end(JSON.stringify(json));
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const fake: FakeService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'well',
    moods: new Map(),
    calls: [],
    abandoned: 0,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

function queryOf(url: URL): object {
  const { orderIds, ...query } = Object.fromEntries(url.searchParams);
  return orderIds === undefined ? query : { ...query, orderIds: orderIds.split(',') };
}

function find<T extends Item>(items: readonly T[], orderId: string): T {
  const found = items.find((item) => item.orderId === orderId);
  if (!found) throw new AppError('not_found', `There is no order ${orderId}.`);
  return found;
}

function page<T extends Item>(items: readonly T[], query: ListQuery<T['status']>): Page<T> {
  const { orderIds, customerId, status, pageSize = 20, pageToken = '0' } = query;
  if (!/^\d+$/.test(pageToken)) {
    throw new AppError('invalid_argument', 'The page token cannot be used; start again at the first page.', {
      faults: [{ field: 'pageToken', message: 'is not a token from a list' }],
    });
  }
  const matching = items.filter(
    (item) =>
      (orderIds?.includes(item.orderId) ?? true) &&
      (customerId === undefined || item.customerId === customerId) &&
      (status === undefined || item.status === status),
  );
  const start = Number(pageToken);
  const end = start + Math.min(pageSize, 100);
  return {
    items: matching.slice(start, end),
    nextPageToken: end < matching.length ? String(end) : undefined,
  };
}
