import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { createWorkScopes } from './work-scopes.ts';

const who = { subject: 'alice', client: 'web', scopes: [] };
const origin = { requestId: 'r', trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false } };
const refused = { code: 'unavailable', retryAfterMs: 1_000 };

describe('an instance that is stopping', () => {
  it('refuses what comes, and ends what is in hand for too long, and says when to come again', async () => {
    const clock = createManualClock();
    const scopes = createWorkScopes(clock);
    const neverEnds = scopes
      .hold(() =>
        scopes.run(who, origin, new AbortController().signal, ({ signal }) => {
          const { promise, reject } = Promise.withResolvers<undefined>();
          signal.addEventListener('abort', () => reject(AppError.from(signal.reason)));
          return promise;
        }),
      )
      .catch((thrown: unknown) => thrown);
    const closing = scopes.close(5_000);
    await expect(scopes.hold(() => Promise.resolve())).rejects.toMatchObject(refused);
    await clock.advance(5_000);
    await closing;
    expect(await neverEnds).toMatchObject(refused);
  });
});
