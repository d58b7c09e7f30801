import type { ErrorCode } from '@bff/core';
import { AppError } from '@bff/core';
import { z } from 'zod';

/** How a service misbehaves on demand; everything off is a healthy one. */
export interface FaultSettings {
  /** Added to every answer, in milliseconds. */
  latencyMs: number;
  /** Up to so much more, evenly distributed. */
  jitterMs: number;
  /** Share of the calls that fail, 0 to 1. */
  errorRate: number;
  /** With which code they fail. */
  errorCode: ErrorCode & ('internal' | 'unavailable' | 'resource_exhausted');
  /** Calls are taken and never answered until it is healed. */
  hang: boolean;
  /** The connection is cut with a TCP reset instead of an answer. */
  reset: boolean;
}

export const noFaults: FaultSettings = {
  latencyMs: 0,
  jitterMs: 0,
  errorRate: 0,
  errorCode: 'internal',
  hang: false,
  reset: false,
};

const delay = z.number().int().min(0).max(600_000);

const schema = z.strictObject({
  latencyMs: delay.default(noFaults.latencyMs),
  jitterMs: delay.default(noFaults.jitterMs),
  errorRate: z.number().min(0).max(1).default(noFaults.errorRate),
  errorCode: z.enum(['internal', 'unavailable', 'resource_exhausted']).default('internal'),
  hang: z.boolean().default(noFaults.hang),
  reset: z.boolean().default(noFaults.reset),
});

/** Reads settings from JSON; what is not named is off. Throws `invalid_argument` with every fault. */
export function parseFaultSettings(body: unknown): FaultSettings {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_argument', `Faults have these fields: ${Object.keys(noFaults).join(', ')}.`, {
    faults: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  });
}
