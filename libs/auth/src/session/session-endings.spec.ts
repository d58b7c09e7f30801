import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { createEndings } from './session-endings.ts';

function open(there = new Set(['a', 'b'])) {
  const control = { away: false };
  const clock = createManualClock();
  const endings = createEndings(async (hash) => {
    if (control.away) throw new Error('away');
    return there.has(hash);
  }, clock);
  const told: string[] = [];
  const listen = (hash: string, name = hash) => endings.listen(hash, () => told.push(name));
  return { clock, endings, control, there, told, listen };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the end of a session', () => {
  it('is told once, to all that listen for it and to nobody else', async () => {
    const { endings, told, listen } = open();
    listen('a', 'first');
    listen('a', 'second');
    listen('b');
    await settled();
    endings.tell('a');
    endings.tell('a');
    expect(told).toEqual(['first', 'second']);
  });

  it('is not told to who has stopped listening', async () => {
    const { endings, told, listen } = open();
    const stop = listen('a', 'first');
    listen('a', 'second');
    stop();
    stop();
    endings.tell('a');
    expect(told).toEqual(['second']);
    listen('a', 'third');
    stop();
    endings.tell('a');
    expect(told).toEqual(['second', 'third']);
  });

  it('is told to who listens too late', async () => {
    const { there, told, listen } = open();
    there.delete('a');
    listen('a');
    await settled();
    expect(told).toEqual(['a']);
  });

  it('that was missed is found when the store is back; while it is away, nobody is signed out', async () => {
    const { clock, endings, control, there, told, listen } = open();
    listen('a');
    listen('b');
    await settled();
    control.away = true;
    there.delete('b');
    endings.lookAgain();
    await clock.advance(10_000);
    expect(told).toEqual([]);
    control.away = false;
    endings.lookAgain();
    await settled();
    expect(told).toEqual(['b']);
  });

  it('that was missed is found, too, when what tells of it is back sooner than what is asked', async () => {
    const { clock, endings, control, there, told, listen } = open();
    listen('a');
    listen('b');
    await settled();
    control.away = true;
    there.delete('b');
    endings.lookAgain();
    endings.lookAgain();
    await clock.advance(500);
    control.away = false;
    await clock.advance(1_000);
    expect(told).toEqual(['b']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is not asked for any more by an instance that stops', async () => {
    const { clock, endings, control, listen } = open();
    control.away = true;
    listen('a');
    await clock.advance(500);
    endings.close();
    endings.lookAgain();
    await clock.advance(2_000);
    expect(clock.pendingTimers()).toBe(0);
  });
});
