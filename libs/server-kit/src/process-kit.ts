import { randomBytes } from 'node:crypto';
import { systemClock, type Clock, type RandomHex } from '@bff/core';
import {
  createAuditLog,
  createLogger,
  createMetrics,
  type AuditLog,
  type Logger,
  type LogLevel,
  type Metrics,
} from '@bff/observability';
import { FaultInjector } from './faults/fault-injector.ts';
import { createFollowVariable, type FollowVariable } from './follow-variable.ts';
import type { Environment } from './configuration.ts';

/** What every server needs from its process; passed down by argument, never reached for. */
export interface ProcessKit {
  /** The app, `web-bff`. */
  readonly name: string;
  /** This process among its replicas. */
  readonly instance: string;
  readonly clock: Clock;
  /** In [0, 1), for jitter and the choice among equals; secrets are made with `randomHex`. */
  readonly random: () => number;
  readonly randomHex: RandomHex;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Sign-in and sign-out, refusals, administrative acts; see `AuditEvent`. */
  readonly audit: AuditLog;
  /**
   * Aborts when this process is about to stop and balancers have had their time to notice: whatever has no end of its own
   * (event streams, WebSockets, subscriptions) ends now, politely, and its client connects elsewhere. The reason is an
   * `AppError` that clients may see. Ordinary requests are not concerned; they are finished.
   */
  readonly drain: AbortSignal;
  /** For keys and the like, which are rotated by replacing a file while the process runs. */
  readonly followVariable: FollowVariable;
  /** Faults on demand, which every listener of this process stands behind; undefined in production. */
  readonly faults: FaultInjector | undefined;
}

/** The kit of a real process: system clock, system randomness, logs on standard output; faults on demand outside production. */
export function createProcessKit(options: {
  name: string;
  instance: string;
  logLevel: LogLevel;
  drain: AbortSignal;
  environment: Environment;
  isProduction: boolean;
}): ProcessKit {
  const { name, instance, logLevel, drain, environment, isProduction } = options;
  const logger = createLogger({ service: name, instance, level: logLevel, clock: systemClock });
  return {
    name,
    instance,
    clock: systemClock,
    random: Math.random,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    logger,
    metrics: createMetrics({ service: name, instance }),
    audit: createAuditLog(logger),
    drain,
    followVariable: createFollowVariable({ environment, clock: systemClock, logger }),
    faults: isProduction ? undefined : new FaultInjector({ clock: systemClock, random: Math.random }),
  };
}
