import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AppError, untilEnded } from './index.ts';

describe('untilEnded', () => {
  const never = () => new Promise<never>(() => undefined);
  const gone = new AppError('cancelled', 'The client went away.');

  it('gives the work’s own end when that comes first, and leaves no listener', async () => {
    const { signal } = new AbortController();
    expect(await untilEnded(Promise.resolve(1), signal)).toBe(1);
    await expect(untilEnded(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('rejects with the reason of the signal while the work goes on', async () => {
    const controller = new AbortController();
    const waiting = untilEnded(never(), controller.signal);
    controller.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    await expect(untilEnded(Promise.resolve(1), controller.signal)).rejects.toBe(gone);
  });
});
