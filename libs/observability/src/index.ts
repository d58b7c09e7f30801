export { createAuditLog, type AuditAction, type AuditEvent, type AuditLog } from './audit-log.ts';
export {
  createLogger,
  logFields,
  logLevels,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger.ts';
export { createMetrics, type AttemptObservation, type Metrics, type RequestObservation } from './metrics.ts';
export type {
  EndpointReading,
  FurtherAttempt,
  UpstreamDecision,
  UpstreamMetrics,
  UpstreamReading,
} from './upstream-metrics.ts';
