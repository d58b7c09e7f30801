import {
  Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  status,
  type ServiceError,
} from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { CommandError } from './command/command-error.ts';

export interface GlanceRequest {
  /** `host:port` of wearable-bff. */
  address: string;
  /** Holds `wearable/v1/wearable_service.proto`, its public contract. */
  protoFolder: string;
  orderId: string;
  token: string;
}

type Unary = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, answer: unknown) => void,
) => void;

const limitMs = 5_000;

/** `GetOrderGlance` by the public contract alone, as a stranger would call it. Throws a `CommandError`. */
export async function fetchGlance({ address, protoFolder, orderId, token }: GlanceRequest): Promise<unknown> {
  const definition = await load('wearable/v1/wearable_service.proto', {
    includeDirs: [protoFolder],
    keepCase: true,
    // A wrist never sees amounts beyond 2^53.
    longs: Number,
    enums: String,
  });
  const { wearable } = loadPackageDefinition(definition) as unknown as {
    wearable: { v1: { WearableService: typeof Client } };
  };
  const client = new wearable.v1.WearableService(address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const getOrderGlance = (client as unknown as Record<'GetOrderGlance', Unary>).GetOrderGlance.bind(client);
  try {
    return await new Promise((resolve, reject) => {
      getOrderGlance({ order_id: orderId }, metadata, { deadline: Date.now() + limitMs }, (error, answer) => {
        if (error) reject(new CommandError(`${status[error.code]}: ${error.details}`, { cause: error }));
        else resolve(answer);
      });
    });
  } finally {
    client.close();
  }
}
