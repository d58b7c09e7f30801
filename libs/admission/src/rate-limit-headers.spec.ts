import { describe, expect, it } from '@jest/globals';
import { rateLimitHeaders } from './rate-limit-headers.ts';

describe('rateLimitHeaders', () => {
  it('writes the fields of the IETF draft, with seconds rounded up', () => {
    const policy = { name: 'user', limit: 100, windowMs: 60_000 };
    expect(rateLimitHeaders({ policy, limit: 100, remaining: 42, resetMs: 29_001 })).toEqual({
      RateLimit: '"user";r=42;t=30',
      'RateLimit-Policy': '"user";q=100;w=60',
    });
  });

  it('lists several limits', () => {
    const state = (name: string) => ({
      policy: { name, limit: 9, windowMs: 60_000 },
      limit: 9,
      remaining: 1,
      resetMs: 1,
    });
    expect(rateLimitHeaders(state('user'), state('client'))).toEqual({
      RateLimit: '"user";r=1;t=1, "client";r=1;t=1',
      'RateLimit-Policy': '"user";q=9;w=60, "client";q=9;w=60',
    });
  });
});
