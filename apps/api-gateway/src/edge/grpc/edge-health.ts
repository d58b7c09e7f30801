import type { ServerHttp2Stream } from 'node:http2';
import { healthOperations } from '@bff/contracts';
import { writeFrame } from './message-frame.ts';

const { check, watch } = healthOperations;

export const healthPaths: ReadonlySet<string> = new Set([check.rpcPath, watch.rpcPath]);

/** The edge's own `grpc.health.v1`, for whoever balances over edges. It speaks for the entry, whatever service is named. */
export interface EdgeHealth {
  answer(client: ServerHttp2Stream, path: string): void;
  /** From now on it is not serving; watchers are told. */
  drain(): void;
  /** Ends the watches. */
  close(): void;
}

export function createEdgeHealth(): EdgeHealth {
  let serving = true;
  const watchers = new Set<ServerHttp2Stream>();
  const tell = (client: ServerHttp2Stream) =>
    client.write(writeFrame(check.response.encode(serving ? 'serving' : 'not_serving')));
  return {
    answer(client, path) {
      client.resume();
      client.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      client.once('wantTrailers', () => client.sendTrailers({ 'grpc-status': '0' }));
      tell(client);
      if (path === check.rpcPath) {
        client.end();
        return;
      }
      watchers.add(client);
      client.once('close', () => watchers.delete(client));
    },
    drain() {
      if (!serving) return;
      serving = false;
      for (const client of watchers) tell(client);
    },
    close() {
      for (const client of watchers) client.end();
    },
  };
}
