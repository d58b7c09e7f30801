import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { Clock, Context } from '@bff/core';

export type Logger = PinoLogger;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** The app, `web-bff`. */
  service: string;
  /** The process among its replicas, `web-bff-1`. */
  instance: string;
  level: LogLevel;
  /** Dates the lines. */
  clock: Pick<Clock, 'date'>;
  /** Standard output unless a test reads the lines. */
  destination?: DestinationStream;
}

/** One JSON object a line, without host name; credentials are cut out wherever a header is logged. */
export function createLogger({ service, instance, level, clock, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service, instance },
    timestamp: () => `,"time":"${clock.date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: ['*.authorization', '*.cookie', '*["set-cookie"]', '*["proxy-authorization"]'],
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The fields that tie a log line to its request and its trace. */
export function logFields(context: Context): Record<string, string | undefined> {
  return {
    requestId: context.requestId,
    traceId: context.trace.traceId,
    subject: context.principal?.subject,
  };
}
