import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { prepareDatabase } from './prepare-database.ts';

const away = new AppError('unavailable', 'The data cannot be reached at the moment. Try again.');

/** A database that fails so often with this error, and counts how often it was tried. */
function createDatabase(failures: number, error: AppError = away) {
  const database = {
    attempts: 0,
    prepare: () => {
      database.attempts++;
      return database.attempts <= failures ? Promise.reject(error) : Promise.resolve();
    },
  };
  return database;
}

describe('prepareDatabase', () => {
  it('is tried again every second while it is away, and counts as prepared when it was', async () => {
    const clock = createManualClock();
    const database = createDatabase(3);
    const told: AppError[] = [];
    const onAway = (error: AppError) => void told.push(error);
    const prepared = await prepareDatabase({ ...database, mayBeAway: true, clock, onAway });
    expect(told).toEqual([away]);
    expect(() => {
      prepared.assertPrepared();
    }).toThrow(away);

    await clock.advance(2_999);
    expect(database.attempts).toBe(3);
    expect(() => {
      prepared.assertPrepared();
    }).toThrow(away);

    await clock.advance(1);
    prepared.assertPrepared();
    await clock.advance(10_000);
    expect(database.attempts).toBe(4);
    expect(told).toHaveLength(1);
  });

  it('is not tried again after a stop', async () => {
    const clock = createManualClock();
    const database = createDatabase(3);
    const prepared = await prepareDatabase({ ...database, mayBeAway: true, clock });
    prepared.stop();
    await clock.advance(10_000);
    expect(database.attempts).toBe(1);
  });

  it.each([
    { what: 'a file that cannot be opened', mayBeAway: false, error: away },
    { what: 'a wrong password', mayBeAway: true, error: new AppError('internal', 'Internal error.') },
  ])('$what ends the start', async ({ mayBeAway, error }) => {
    const database = createDatabase(1, error);
    const started = prepareDatabase({ ...database, mayBeAway, clock: createManualClock() });
    await expect(started).rejects.toBe(error);
  });
});
