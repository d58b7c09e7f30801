import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { checkoutTimes } from './checkout-times.ts';
import type { Journal, OpenWork } from './journal.ts';
import { Recovery, type RecoveryOptions } from './recovery.ts';
import { createWorkScopes } from './work-scopes.ts';

async function* oneAndThenNothing(): AsyncGenerator<OpenWork> {
  yield { id: 'w', tries: 0, notBefore: 0, version: '1' };
  throw new AppError('unavailable', 'The store is away.');
}

describe('a round of recovery', () => {
  it('fails when its list breaks off, after the work that it has in hand: closing waits for that', async () => {
    const clock = createManualClock();
    const scopes = createWorkScopes(clock);
    const inHand = Promise.withResolvers<undefined>();
    const journal: Pick<Journal, 'listOpen' | 'claim'> = {
      listOpen: oneAndThenNothing,
      claim: () => inHand.promise,
    };
    const options = { journal, scopes, clock, times: checkoutTimes, onEvent: () => undefined };
    // The rest is for work that it gets hold of.
    const recovery = new Recovery(options as unknown as RecoveryOptions);
    const ends: string[] = [];
    void recovery.round().catch((thrown: unknown) => ends.push(AppError.from(thrown).code));
    await clock.advance(100);
    const closing = scopes.close(5_000).then(() => ends.push('closed'));
    await clock.advance(100);
    expect(ends).toEqual([]);
    inHand.resolve(undefined);
    await closing;
    expect(ends).toEqual(['unavailable', 'closed']);
    expect(clock.pendingTimers()).toBe(0);
  });
});
