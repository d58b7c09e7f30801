import type { ServiceDefinition } from '../serve/service-definition.ts';
import type { Resource } from '../store/resource.ts';
import { createGrpcFace } from './grpc-face.ts';
import { createHttpFace } from './http-face.ts';
import { openTestPort } from './open-test-port.ts';
import { startTestService } from './test-service.ts';

/** A service as one kind of caller sees it. */
export interface PortFace<Port> {
  readonly port: Port;
  close(): Promise<void>;
}

export type OpenFace<Port> = () => Promise<PortFace<Port>>;

/** The ways to a service: as an object in this process, over HTTP/JSON and over gRPC. Each opens one of its own. */
export function portFaces<T extends Resource, Port extends object>(
  definition: ServiceDefinition<T, Port>,
): Readonly<Record<'in process' | 'over HTTP' | 'over gRPC', OpenFace<Port>>> {
  const { operations } = definition;
  return {
    'in process': () => openTestPort(definition),
    async 'over HTTP'() {
      const service = await startTestService(definition);
      const { httpUrl: baseUrl, authorization, close } = service;
      return { port: createHttpFace({ operations, baseUrl, authorization }), close };
    },
    async 'over gRPC'() {
      const service = await startTestService(definition);
      const { grpcAddress: address, authorization } = service;
      const port = createGrpcFace({ operations, address, authorization });
      const close = async () => {
        port.close();
        await service.close();
      };
      return { port, close };
    },
  };
}
