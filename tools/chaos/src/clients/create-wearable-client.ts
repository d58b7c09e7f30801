import { join } from 'node:path';
import {
  Client as GrpcClient,
  credentials,
  Metadata,
  status,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { AskAddresses } from './ask-addresses.ts';
import type { Attempt } from './attempt.ts';
import type { Client, ClientOptions } from './client.ts';

const timeLimitMs = 2_500;
const repeatable: readonly number[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
];

/** A watch at wearable-bff, by its public contract. It only looks; buying is for larger screens. */
export function createWearableClient(
  { addresses, readerToken, workspaceRoot }: ClientOptions & { workspaceRoot: string },
  ask: AskAddresses,
): Client {
  const service = loadSync('wearable/v1/wearable_service.proto', {
    includeDirs: [join(workspaceRoot, 'apps/wearable-bff/proto')],
    longs: Number,
    enums: String,
  })['wearable.v1.WearableService'] as unknown as Record<string, MethodDefinition<object, object>>;
  const method = service.GetOrderGlance;
  if (!method) throw new Error('The watch’s contract has no GetOrderGlance.');
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
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${readerToken}`);
  const glance = (address: string) =>
    new Promise<Attempt>((resolve) => {
      clients
        .get(address)
        ?.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          { orderId: 'ord_0001' },
          metadata,
          { deadline: Date.now() + timeLimitMs },
          (error: ServiceError | null, value?: object) =>
            resolve(error ? classify(error) : { kind: 'done', value }),
        );
    });
  return {
    name: 'wearable',
    read: () => ask({ repeatable: true, send: glance }),
    close() {
      for (const client of clients.values()) client.close();
      return Promise.resolve();
    },
  };
}

function classify({ code, details }: ServiceError): Attempt {
  const detail = `${status[code]}: ${details}`;
  if (code === status.UNAVAILABLE && details.includes('ECONNREFUSED')) return { kind: 'unsent', detail };
  return { kind: repeatable.includes(code) ? 'unclear' : 'refused', detail };
}
