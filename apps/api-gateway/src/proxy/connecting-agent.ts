import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** No connection came about. Nothing was sent, and the body of the request is untouched. */
export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
  /** `host:port`. */
  readonly address: string;

  constructor(address: string, cause: unknown) {
    super(`No connection to ${address}.`, { cause });
    this.address = address;
  }
}

export interface ConnectingAgentOptions {
  /** Per instance; further requests wait. */
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
}

type OnCreate = Parameters<Agent['createConnection']>[1];

/**
 * Keep-alive connections that a request gets only once they stand. Node's own agent hands them out while they connect,
 * and the body is streamed into one that will be refused; this way a request that was refused can be sent elsewhere.
 */
export class ConnectingAgent extends Agent {
  readonly #connectTimeoutMs: number;

  constructor({ maxSockets, connectTimeoutMs }: ConnectingAgentOptions) {
    super({ keepAlive: true, maxSockets } satisfies AgentOptions);
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  override createConnection(options: ClientRequestArgs, onCreate?: OnCreate): undefined {
    const socket = connect(options as NetConnectOpts);
    const address = `${String(options.host)}:${String(options.port)}`;
    const stopTimer = limitConnecting(socket, this.#connectTimeoutMs);
    const onError = (error: Error) => {
      stopTimer();
      // Node reads no second argument beside an error; its types ask for one.
      onCreate?.(new ConnectionRefused(address, error), socket);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      stopTimer();
      socket.removeListener('error', onError);
      onCreate?.(null, socket);
    });
  }
}

function limitConnecting(socket: Socket, timeoutMs: number): () => void {
  const timer = setTimeout(() => socket.destroy(new Error('Connecting took too long.')), timeoutMs);
  return () => clearTimeout(timer);
}
