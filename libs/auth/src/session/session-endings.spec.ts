import { describe, expect, it } from '@jest/globals';
import { createEndings } from './session-endings.ts';

function open(there = new Set(['a', 'b'])) {
  const control = { away: false };
  const endings = createEndings(async (hash) => {
    if (control.away) throw new Error('away');
    return there.has(hash);
  });
  const told: string[] = [];
  const listen = (hash: string, name = hash) => endings.listen(hash, () => told.push(name));
  return { endings, control, there, told, listen };
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
    const { endings, control, there, told, listen } = open();
    listen('a');
    listen('b');
    await settled();
    control.away = true;
    there.delete('b');
    endings.lookAgain();
    await settled();
    expect(told).toEqual([]);
    control.away = false;
    endings.lookAgain();
    await settled();
    expect(told).toEqual(['b']);
  });
});
