import { Secret } from '@bff/core';
import { logLevels } from '@bff/observability';
import { z } from 'zod';

/** A TCP port; 0 means «any free one». */
export const port = (fallback: number, description: string) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
    .transform(Number)
    .refine((value) => value <= 65_535, 'must be a whole number from 0 to 65535')
    .default(fallback)
    .describe(description);

/** A positive whole number. */
export const count = (fallback: number, description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a positive whole number')
    .transform(Number)
    .default(fallback)
    .describe(description);

/** A positive whole number that may be left out. */
export const optionalCount = (description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a positive whole number')
    .transform(Number)
    .optional()
    .describe(description);

/** A time in milliseconds; 0 is allowed. */
export const milliseconds = (fallback: number, description: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a time in milliseconds')
    .transform(Number)
    .default(fallback)
    .describe(description);

/** `true` or `false`. */
export const flag = (fallback: boolean, description: string) =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .default(fallback)
    .describe(description);

const httpUrl = z
  .string()
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL');

/** An http or https URL. */
export const url = (fallback: string, description: string) => httpUrl.default(fallback).describe(description);

/** An http or https URL that may be left out. */
export const optionalUrl = (description: string) => httpUrl.optional().describe(description);

/** A value that must be given and is never shown. */
export const secret = (description: string) =>
  z
    .string()
    .transform((value) => new Secret(value))
    .describe(description);

/** Where a Redis is; it holds the password, hence it is never shown. */
export const redisUrl = (description: string) =>
  z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .transform((value) => new Secret(value))
    .optional()
    .describe(description);

/** What every process of the workspace understands. */
export const baseVariables = (defaults: { port: number }) => ({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
    .default('development')
    .describe('`production` turns off what only development needs.'),
  HOST: z.string().default('127.0.0.1').describe('Address that the public listeners bind to.'),
  PORT: port(defaults.port, 'Port of the public listener; 0 for any free one.'),
  ADMIN_PORT: port(
    0,
    'Port of the admin listener (`/livez`, `/readyz`, `/metrics`, `/info`); 0 for any free one.',
  ),
  ADMIN_HOST: z.string().default('127.0.0.1').describe('Address that the admin listener binds to.'),
  INSTANCE: z
    .string()
    .optional()
    .describe('Name of this process among its replicas; the app’s name unless given.'),
  LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })
    .default('info')
    .describe('Least severe level that is logged.'),
  REQUEST_TIMEOUT_MS: count(2000, 'Longest time that one request may take.'),
  DRAIN_DELAY_MS: milliseconds(0, 'How long to keep serving after SIGTERM, so that load balancers notice.'),
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000, 'After how long a stop no longer waits for what is in flight.'),
});
