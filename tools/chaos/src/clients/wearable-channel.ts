import { join } from 'node:path';
import {
  Client as GrpcClient,
  credentials,
  Metadata,
  type ClientReadableStream,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** Calls of wearable-bff at each of an entry's addresses, by its public contract. */
export interface WearableChannel {
  getOrderGlance(
    address: string,
    request: object,
    options: { token: string; timeoutMs: number },
    answered: (error: ServiceError | null, value?: object) => void,
  ): void;
  watchOrder(address: string, request: object, token: string): ClientReadableStream<object>;
  close(): void;
}

type Method = MethodDefinition<object, object>;

export function openWearableChannel(addresses: readonly string[], workspaceRoot: string): WearableChannel {
  const service = loadSync('wearable/v1/wearable_service.proto', {
    includeDirs: [join(workspaceRoot, 'apps/wearable-bff/proto')],
    longs: Number,
    enums: String,
  })['wearable.v1.WearableService'] as unknown as { GetOrderGlance: Method; WatchOrder: Method };
  const clients = new Map(
    addresses.map((address) => [
      address,
      // A channel of its own per address, and quick to try again: an address that comes back is used at once.
      new GrpcClient(address, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 1_000,
      }),
    ]),
  );
  const at = (address: string): GrpcClient => {
    const client = clients.get(address);
    if (!client) throw new Error(`${address} is no address of the watch's entry.`);
    return client;
  };
  return {
    getOrderGlance(address, request, { token, timeoutMs }, answered) {
      const { path, requestSerialize, responseDeserialize } = service.GetOrderGlance;
      const deadline = Date.now() + timeoutMs;
      const metadata = authorised(token);
      at(address).makeUnaryRequest(
        ...([
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline },
          answered,
        ] as const),
      );
    },
    watchOrder(address, request, token) {
      const { path, requestSerialize, responseDeserialize } = service.WatchOrder;
      const metadata = authorised(token);
      return at(address).makeServerStreamRequest(
        ...([path, requestSerialize, responseDeserialize, request, metadata] as const),
      );
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

function authorised(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}
