import type { GrpcServer } from './grpc-server.ts';

/**
 * Adds `grpc.reflection` for the services in a FileDescriptorSet (base64), so that tools such as grpcurl need no
 * .proto file. Loaded on demand: it pulls in protobufjs, which nothing else needs.
 */
export async function addReflection(grpc: GrpcServer, descriptorSet: string): Promise<void> {
  const [{ ReflectionService }, { loadFileDescriptorSetFromBuffer }] = await Promise.all([
    import('@grpc/reflection'),
    import('@grpc/proto-loader'),
  ]);
  const definition = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSet, 'base64'));
  new ReflectionService(definition).addToServer(grpc.server);
}
