export {
  createLogger,
  logFields,
  logLevels,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger.ts';
export { createMetrics, type AttemptObservation, type Metrics, type RequestObservation } from './metrics.ts';
