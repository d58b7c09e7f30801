import type { TestInternalKeys } from '@bff/auth/testing';
import { createInternalTokenVerifier, readBearer } from '@bff/auth';
import type { Change, StreamOperation, WatchQuery } from '@bff/contracts';
import { systemClock, type Context } from '@bff/core';
import { createGrpcServer, startGrpcListener } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';

interface Watched {
  orderId: string;
  revision: number;
}

/** The changes of one fake service, over gRPC. */
export interface ChangeStream<T extends Watched> {
  readonly url: string;
  /** Streams that are open. */
  readonly open: number;
  /** Tells a change, under the next revision, which is returned with the value. */
  change(value: T): T;
  stop(): Promise<void>;
}

export interface ChangeStreamOptions<T> {
  /** Audience of the tokens that it accepts. */
  name: string;
  watch: StreamOperation<WatchQuery, Change<T>>;
  keys: TestInternalKeys;
  /** The last revision so far. */
  revision: number;
}

export async function startChangeStream<T extends Watched>(
  options: ChangeStreamOptions<T>,
): Promise<ChangeStream<T>> {
  const { name, watch, keys } = options;
  const kit = createTestKit({ name });
  const verifier = createInternalTokenVerifier({ keys: keys.keys, audience: name, clock: systemClock });
  const grpc = createGrpcServer({
    kit,
    requestTimeoutMs: 2_000,
    authenticate: async (authorization) => verifier.verify(readBearer(authorization)),
  });
  const log: Change<T>[] = [];
  const readers = new Set<() => void>();
  let revision = options.revision;
  grpc.stream(watch, async function* ({ sinceRevision, orderIds }, { signal }: Context) {
    let seen = 0;
    let wake = () => {};
    const news = () => wake();
    readers.add(news);
    signal.addEventListener('abort', news);
    try {
      while (!signal.aborted) {
        for (const change of log.slice(seen)) {
          seen += 1;
          const isAsked = !orderIds || orderIds.includes(change.value.orderId);
          if (change.revision > sinceRevision && isAsked) yield change;
        }
        if (seen === log.length) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      readers.delete(news);
    }
  });
  const listener = await startGrpcListener({ grpc, kit, address: { host: '127.0.0.1', port: 0 } });
  return {
    url: listener.url,
    get open() {
      return readers.size;
    },
    change(value) {
      const changed = { ...value, revision: ++revision };
      log.push({ revision, value: changed });
      for (const tell of readers) tell();
      return changed;
    },
    stop: () => listener.close(0),
  };
}
