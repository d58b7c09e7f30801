import { randomBytes } from 'node:crypto';
import { systemClock, type Clock, type RandomHex } from '@bff/core';
import { createLogger, createMetrics, type Logger, type LogLevel, type Metrics } from '@bff/observability';

/** What every server needs from its process; passed down by argument, never reached for. */
export interface ProcessKit {
  /** The app, `web-bff`. */
  readonly name: string;
  /** This process among its replicas. */
  readonly instance: string;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The kit of a real process: system clock, system randomness, logs on standard output. */
export function createProcessKit(options: {
  name: string;
  instance: string;
  logLevel: LogLevel;
}): ProcessKit {
  const { name, instance, logLevel } = options;
  return {
    name,
    instance,
    clock: systemClock,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    logger: createLogger({ service: name, instance, level: logLevel }),
    metrics: createMetrics({ service: name, instance }),
  };
}
