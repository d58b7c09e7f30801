import { AppError, type Context, type ContextScope } from '@bff/core';
import { logFields } from '@bff/observability';
import type { Admission, ProcessKit } from '@bff/server-kit';
import { subscribe, GraphQLError } from 'graphql';
import { CloseCode, makeServer, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { formatError, presentResult } from '../errors.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';
import { every } from './every.ts';
import type { LiveClients, LiveLimits } from './live-clients.ts';
import { clientGone, openLiveScope, subscribing, type LiveIdentity, type Opening } from './live-context.ts';
import type { PrepareSubscription } from './open-subscription.ts';

export interface WebsocketProtocolOptions {
  kit: ProcessKit;
  limits: Pick<LiveLimits, 'pingMs' | 'maxSubscriptions'>;
  clients: LiveClients;
  admission: Pick<Admission, 'gate'>;
  /** Who shows this `Authorization` value; throws as `ClientIdentity.authenticate` does. */
  authenticate(authorization: string | readonly string[] | undefined): Promise<LiveIdentity>;
  prepare: PrepareSubscription;
  createContext(context: Context): GraphqlContext;
}

/** One connection, from its acknowledgement on. */
interface Connection {
  readonly socket: WebSocket;
  readonly opening: Opening;
  identity: LiveIdentity | undefined;
  scope?: ContextScope;
  leave?: () => void;
}

/** What graphql-ws keeps per connection: `extra`. */
interface Extra {
  connection: Connection;
}

/** RFC 6455 and its registry: clients of graphql-transport-ws connect again after each of these. */
const goingAway = 1001;
const tryAgainLater = 1013;
/** Answers that a client does not take while it keeps asking. */
const maxUnsentBytes = 1024 * 1024;

/** Speaks graphql-transport-ws on connections that were let in. `identity` is undefined until `connection_init` has a token. */
export function createWebsocketProtocol(options: WebsocketProtocolOptions) {
  const { kit, limits } = options;
  const server = createServer(options);
  return (socket: WebSocket, identity: LiveIdentity | undefined, opening: Opening): void => {
    const connection: Connection = { socket, opening, identity };
    socket.on('error', (err) =>
      kit.logger.debug({ err, requestId: opening.requestId }, 'a WebSocket failed'),
    );
    const stopPings = keepAlive(kit, socket, limits.pingMs);
    const closed = server.opened(socketOf(connection, kit), { connection });
    socket.once('close', (code: number, reason: Buffer) => {
      stopPings();
      connection.leave?.();
      connection.scope?.cancel(clientGone());
      void closed(code, reason.toString());
    });
  };
}

function createServer(options: WebsocketProtocolOptions): Server<Extra> {
  const { limits, admission, prepare, createContext } = options;
  return makeServer<Record<string, unknown> | undefined, Extra>({
    subscribe,
    onConnect: async ({ connectionParams, extra }) => accept(extra.connection, connectionParams, options),
    onSubscribe: async ({ extra: { connection }, subscriptions }, _id, payload) => {
      const { scope } = connection;
      try {
        if (!scope) throw new AppError('unauthenticated', 'An access token is required.');
        if (Object.keys(subscriptions).length > limits.maxSubscriptions) {
          throw new AppError(
            'resource_exhausted',
            `More than ${limits.maxSubscriptions} subscriptions are open; complete one first.`,
          );
        }
        await admission.gate(subscribing(connection.opening), scope.context);
        return await prepare(payload, createContext(scope.context));
      } catch (thrown) {
        return [thrown instanceof GraphQLError ? thrown : wrap(thrown)];
      }
    },
    onNext: (_connection, _id, _payload, _args, { data, errors }) => presentResult({ data, errors }),
    onError: (_connection, _id, _payload, errors) =>
      errors.map((error) => formatError(error.toJSON(), error)),
  });
}

/** Who is there? Returns false, which closes with 4403, when nobody has proved it: a client may come back with a fresh token. */
async function accept(
  connection: Connection,
  parameters: Readonly<Record<string, unknown>> | undefined,
  { authenticate, clients, kit }: WebsocketProtocolOptions,
): Promise<boolean> {
  const { socket, opening } = connection;
  const given = parameters?.['authorization'] ?? parameters?.['Authorization'];
  try {
    connection.identity ??= await authenticate(typeof given === 'string' ? given : undefined);
    const { identity } = connection;
    connection.leave = clients.join(identity.principal.subject, {
      moveOn: () => close(socket, goingAway, 'Going away', kit),
    });
    connection.scope = openLiveScope(kit, identity, opening);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'unauthenticated') return false;
    if (error.code === 'internal') kit.logger.error({ err: error }, 'a WebSocket could not be opened');
    close(socket, tryAgainLater, error.code === 'internal' ? '' : error.message, kit);
    return false;
  }
  connection.scope.context.signal.addEventListener('abort', () => {
    if (socket.readyState === socket.OPEN)
      close(socket, CloseCode.Forbidden, 'The access token has expired', kit);
  });
  if (socket.readyState !== socket.OPEN) {
    // The client left while its token was being checked.
    connection.leave();
    connection.scope.cancel(clientGone());
    return false;
  }
  kit.logger.info(logFields(connection.scope.context), 'live connection');
  return true;
}

/** A peer that answers no close frame is cut soon, or a stop would wait for it. */
function close(socket: WebSocket, code: number, reason: string, { clock }: ProcessKit): void {
  socket.close(code, reason);
  clock.after(1000, () => socket.terminate());
}

/** The socket as graphql-ws uses it. It waits for each message to leave before it asks for the next update. */
function socketOf({ socket, opening }: Connection, kit: ProcessKit) {
  return {
    protocol: socket.protocol,
    send: (text: string) =>
      new Promise<void>((resolve) => {
        if (socket.readyState !== socket.OPEN) resolve();
        // When it fails the connection is closed as well, and that ends everything.
        else socket.send(text, () => resolve());
      }),
    close: (code?: number, reason?: string) => close(socket, code ?? 1000, reason ?? '', kit),
    onMessage: (take: (text: string) => Promise<void>) => {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (socket.bufferedAmount > maxUnsentBytes) {
          socket.terminate();
          return;
        }
        take(isBinary ? '' : data.toString()).catch((err: unknown) => {
          kit.logger.error({ err, requestId: opening.requestId }, 'a message of a WebSocket failed');
          close(socket, CloseCode.InternalServerError, 'Internal server error', kit);
        });
      });
    },
  };
}

/** A peer that does not answer a ping until the next one is due is gone, or takes nothing that is sent to it. */
function keepAlive({ clock }: ProcessKit, socket: WebSocket, pingMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return every(clock, pingMs, () => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  });
}

function wrap(thrown: unknown): GraphQLError {
  return new GraphQLError('', { originalError: AppError.from(thrown) });
}
