export { describePortConformance, type PortConformanceOptions } from './port-conformance.ts';
export { createGrpcFace } from './grpc-face.ts';
export { createHttpFace } from './http-face.ts';
export { callerContext, type Caller } from './caller-context.ts';
export { startTestService, type TestService } from './test-service.ts';
export { spawnService, type SpawnedService } from './spawn-service.ts';
export { createTemporaryFolder } from './temporary-folder.ts';
export { describeDurability, type DurabilityOptions } from './durability.ts';
export { createPostgresDatabase } from './postgres-database.ts';
