import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInternalTokenVerifier, readBearer } from '@bff/auth';
import type { TestInternalKeys } from '@bff/auth/testing';
import { httpStatusOf, type Codec } from '@bff/contracts';
import { AppError, systemClock, type Principal } from '@bff/core';

/**
 * What a fake does with every request. `fails` names itself, as a careless service would; `breaks` sends half an answer;
 * `holds` answers when it is released.
 */
export type Behaviour = 'answers' | 'holds' | 'hangs' | 'fails' | 'resets' | 'breaks';

export interface SeenCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Resolves when the exchange is over, whoever ended it. */
  readonly ended: Promise<unknown>;
}

export interface FakeService {
  readonly url: string;
  readonly calls: SeenCall[];
  readonly firstCall: Promise<undefined>;
  behaviour: Behaviour;
  /** Lets go of what it holds. */
  release(): void;
  /** From now on connections are refused. */
  stop(): Promise<void>;
}

type Answering<T> = { readonly response: Pick<Codec<T>, 'toJson'> };

/** What the fake knows; throws an AppError where the service would. */
interface Answers<Item, Page> {
  get?: { operation: Answering<Item>; answer: (id: string, principal: Principal) => Item };
  list: { operation: Answering<Page>; answer: (query: URLSearchParams) => Page };
}

/** A service over real HTTP on a free port, which accepts internal tokens made for `name` and nothing else. */
export async function startFakeService<Item, Page>(
  name: string,
  keys: TestInternalKeys,
  answers: Answers<Item, Page>,
): Promise<FakeService> {
  const verifier = createInternalTokenVerifier({ audience: name, keys: keys.keys, clock: systemClock });
  const calls: SeenCall[] = [];
  const called = Promise.withResolvers<undefined>();
  const released = Promise.withResolvers<undefined>();

  const answer = async (request: IncomingMessage, { pathname, searchParams }: URL): Promise<unknown> => {
    const principal = await verifier.verify(readBearer(request.headers.authorization));
    const id = pathname.split('/')[3];
    if (id === undefined) {
      return answers.list.operation.response.toJson(answers.list.answer(searchParams));
    }
    if (!answers.get) throw new AppError('not_found', 'There is no such resource.');
    return answers.get.operation.response.toJson(answers.get.answer(id, principal));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    // A health check is no call of the service.
    if (url.pathname === '/readyz') {
      response.end();
      return;
    }
    const ended = new Promise((resolve) => response.on('close', resolve));
    calls.push({ path: url.pathname, query: url.searchParams, headers: request.headers, ended });
    if (calls.length === 1) called.resolve(undefined);
    if (fake.behaviour === 'answers' || fake.behaviour === 'holds') {
      const begun = fake.behaviour === 'holds' ? released.promise : Promise.resolve();
      begun
        .then(() => answer(request, url))
        .then(
          (body) => send(response, 200, body),
          (thrown: unknown) => sendProblem(response, AppError.from(thrown)),
        );
    } else misbehave(fake.behaviour, name, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = String((server.address() as AddressInfo).port);
  const fake: FakeService = {
    url: `http://127.0.0.1:${port}`,
    calls,
    firstCall: called.promise,
    behaviour: 'answers',
    release: () => {
      released.resolve(undefined);
    },
    stop: () => stop(server),
  };
  return fake;
}

function misbehave(behaviour: Behaviour, name: string, response: ServerResponse): void {
  if (behaviour === 'fails') {
    const detail = `${name} at 10.1.2.3:5432: connect ECONNREFUSED at Socket.<anonymous> (node:net:1)`;
    send(response, 500, { detail, title: detail });
  }
  if (behaviour === 'resets') response.socket?.resetAndDestroy();
  if (behaviour === 'breaks')
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"orders": [');
}

function sendProblem(response: ServerResponse, { code, message }: AppError): void {
  const status = httpStatusOf(code);
  response.setHeader('content-type', 'application/problem+json');
  send(response, status, { status, code, detail: message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  response.writeHead(status).end(JSON.stringify(body));
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
