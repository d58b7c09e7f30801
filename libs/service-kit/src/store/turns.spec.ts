import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { rejectionOf } from '../testing/rejection-of.ts';
import { Turns } from './turns.ts';

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('turns', () => {
  it('run so many at a time, in the order in which they came, and go on after a failure', async () => {
    const turns = new Turns(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = (index: number) => async () => {
      order.push(index);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (index === 1) throw new Error('one fails');
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => turns.run(work(index))));
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('never start work whose caller has left, and give its turn to the next', async () => {
    const turns = new Turns(1);
    const gate = createGate();
    const first = turns.run(() => gate.opened);
    const controller = new AbortController();
    const started: string[] = [];
    const left = rejectionOf(turns.run(async () => started.push('left'), controller.signal));
    const third = turns.run(async () => started.push('third'));
    controller.abort(new AppError('cancelled', 'The client went away.'));
    expect((await left).code).toBe('cancelled');
    gate.open();
    await Promise.all([first, third]);
    await rejectionOf(turns.run(async () => started.push('too late'), controller.signal));
    await turns.run(async () => started.push('fourth'));
    expect(started).toEqual(['third', 'fourth']);
  });
});
