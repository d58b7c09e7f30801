import {
  addressKey,
  clientKey,
  createRateLimiter,
  userKey,
  type RateLimiter,
  type RateLimitState,
} from '@bff/admission';
import type { Clock, Principal } from '@bff/core';
import type { RedisConnection } from '@bff/state';
import type { z } from 'zod';
import type { RequestOrigin } from './edge/trusted-proxies.ts';
import { count, optionalCount } from './variables.ts';

/** How often somebody may ask; the same for the gateway and every BFF. */
export const rateLimitVariables = () => ({
  RATE_LIMIT_PER_MINUTE: count(600, 'Requests that one user may make in a minute, over all instances.'),
  RATE_LIMIT_PER_ADDRESS_PER_MINUTE: optionalCount(
    'The same of one address, of IPv6 one /64, signed in or not; ten times the user’s unless given.',
  ),
  RATE_LIMIT_PER_CLIENT_PER_MINUTE: optionalCount(
    'The same of one OAuth client, all its users together; a hundred times the user’s unless given.',
  ),
  RATE_LIMIT_INSTANCES: count(1, 'Among how many instances the rate limits are divided without Redis.'),
});

export interface RateLimitParts {
  configuration: z.output<z.ZodObject<ReturnType<typeof rateLimitVariables>>>;
  /** The app: those that share a Redis count apart. */
  name: string;
  redis: RedisConnection | undefined;
  clock: Clock;
}

export interface RateLimits {
  /** Counts a request by where it comes from. Throws `RateLimitExceeded`. */
  arrival(origin: RequestOrigin): Promise<readonly RateLimitState[]>;
  /** Counts a request by who makes it, and with which client. */
  request(principal: Principal): Promise<readonly RateLimitState[]>;
}

const windowMs = 60_000;

export function createRateLimits({ configuration, name, redis, clock }: RateLimitParts): RateLimits {
  const perUser = configuration.RATE_LIMIT_PER_MINUTE;
  const limiter = (kind: string, points: number): RateLimiter =>
    createRateLimiter({
      name: kind,
      points,
      durationMs: windowMs,
      instances: configuration.RATE_LIMIT_INSTANCES,
      redis,
      clock,
    });
  const users = limiter('user', perUser);
  const clients = limiter('client', configuration.RATE_LIMIT_PER_CLIENT_PER_MINUTE ?? 100 * perUser);
  const addresses = limiter('address', configuration.RATE_LIMIT_PER_ADDRESS_PER_MINUTE ?? 10 * perUser);
  return {
    async arrival({ address, isClient }) {
      return isClient ? [await addresses.consume(`${name}:${addressKey(address)}`)] : [];
    },
    async request({ subject, client }) {
      // One after the other: a user over his limit must not use up what all users of his client share.
      const user = await users.consume(`${name}:${userKey(subject)}`);
      return [user, await clients.consume(`${name}:${clientKey(client)}`)];
    },
  };
}
