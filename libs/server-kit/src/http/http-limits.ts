import { z } from 'zod';
import { defaultConnectionLimits, type ConnectionLimits } from '../edge/guard-connections.ts';
import { connectionVariables, readConnectionLimits } from '../edge/connection-variables.ts';
import { count } from '../variables.ts';
import type { RequestLimits } from './guard-request.ts';

/** What an HTTP server takes from the outside. */
export interface HttpLimits extends ConnectionLimits, RequestLimits {
  maxBodyBytes: number;
  /** Origins whose pages may read answers; see `allowOrigins`. */
  allowedOrigins: readonly string[];
}

export const defaultHttpLimits: HttpLimits = {
  ...defaultConnectionLimits,
  maxHeaderCount: 100,
  maxUriBytes: 8 * 1024,
  maxBodyBytes: 100 * 1024,
  allowedOrigins: [],
};

const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (list) => list.every((origin) => URL.parse(origin)?.origin === origin),
    'must be origins separated by commas, https://shop.example; no path, and no *',
  )
  .optional()
  .describe(
    'Origins whose pages may read answers from another origin (CORS), separated by commas; nobody unless given.',
  );

/** The variables of every HTTP server. */
export const httpVariables = () => ({
  ...connectionVariables(),
  MAX_HEADER_COUNT: count(defaultHttpLimits.maxHeaderCount, 'Header fields of a request; more is 431.'),
  MAX_URI_BYTES: count(defaultHttpLimits.maxUriBytes, 'Longest path and query; longer is 414.'),
  MAX_BODY_BYTES: count(defaultHttpLimits.maxBodyBytes, 'Largest body of a request; larger is 413.'),
  CORS_ORIGINS: origins,
});

export type HttpConfiguration = z.output<z.ZodObject<ReturnType<typeof httpVariables>>>;

export function readHttpLimits(configuration: HttpConfiguration): HttpLimits {
  return {
    ...readConnectionLimits(configuration),
    maxHeaderCount: configuration.MAX_HEADER_COUNT,
    maxUriBytes: configuration.MAX_URI_BYTES,
    maxBodyBytes: configuration.MAX_BODY_BYTES,
    allowedOrigins: configuration.CORS_ORIGINS ?? [],
  };
}
