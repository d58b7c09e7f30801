import { startGrpcStandIn } from './grpc-stand-in.ts';
import { startHttpStandIn } from './http-stand-in.ts';
import type { Respond, StandIn } from './stand-in.ts';

/** For `describe.each`: a stand-in of each protocol. */
export const protocols: readonly [
  name: string,
  start: (respond: Respond, port?: number) => Promise<StandIn>,
][] = [
  ['HTTP', startHttpStandIn],
  ['gRPC', (respond, port = 0) => startGrpcStandIn({ respond, port })],
];
