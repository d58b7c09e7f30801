export { answerVariables, readAnswerOptions } from './answer-variables.ts';
export { admissionVariables, createAdmission, type Admission } from './admission.ts';
export {
  createClientIdentity,
  identityVariables,
  type ClientIdentity,
  type IdentityConfiguration,
} from './client-identity.ts';
export {
  ConfigurationError,
  configurationTable,
  readConfiguration,
  type Environment,
} from './configuration.ts';
export { FaultInjector } from './faults/fault-injector.ts';
export { noFaults, type FaultSettings } from './faults/fault-settings.ts';
export {
  createGrpcServer,
  type GrpcServer,
  type GrpcServerOptions,
  type StreamCall,
} from './grpc/grpc-server.ts';
export { startGrpcListener, type GrpcListenerOptions } from './grpc/grpc-listener.ts';
export { defaultGrpcLimits, grpcVariables, readGrpcLimits, type GrpcLimits } from './grpc/grpc-limits.ts';
export { addReflection } from './grpc/reflection.ts';
export type { ArrivalGate, CallGate, CallInfo } from './grpc/run-call.ts';
export { guardConnections } from './edge/guard-connections.ts';
export type { RequestOrigin, TrustedProxies } from './edge/trusted-proxies.ts';
export { authoriseRequest } from './http/authorise-request.ts';
export { clientAddressOf, isClaim, originOf } from './http/claimed-headers.ts';
export { requestChecks, type RequestCheck, type RequestLimits } from './http/guard-request.ts';
export { authenticate, createHttpApp, type HttpAppOptions } from './http/http-app.ts';
export { defaultHttpLimits, httpVariables, readHttpLimits, type HttpLimits } from './http/http-limits.ts';
export { HttpRefusal } from './http/http-refusal.ts';
export { readJson } from './http/read-json.ts';
export { labelRoute } from './http/record-request.ts';
export { presentErrors, type PresentError } from './http/send-error.ts';
export { serveHttp, type ServeHttpOptions } from './http/serve-http.ts';
export { startHttpListener, type HttpListenerOptions, type OnUpgrade } from './http/http-listener.ts';
export { problemOf, type Problem } from './http/problem.ts';
export { chooseRequestId, contextOf, setContext } from './http/request-context.ts';
export {
  createLifecycle,
  type AdminRoute,
  type Lifecycle,
  type LifecycleOptions,
  type Phase,
  type ReadinessCheck,
  type RunningApp,
} from './lifecycle.ts';
export { authorityOf, bind, type ListenAddress, type Listener } from './listener.ts';
export { createProcessKit, type ProcessKit } from './process-kit.ts';
export { createReadReport, type ReadReport } from './read-report.ts';
export { runProcess, type ProcessDefinition } from './run-process.ts';
export { openState, stateVariables } from './state.ts';
export { baseVariables, count, flag, milliseconds, optionalUrl, port, secret, url } from './variables.ts';
export { createSourceReport, type SourceReport } from './source-report.ts';
