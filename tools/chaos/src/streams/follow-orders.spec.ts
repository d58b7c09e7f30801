import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { followOrders } from './follow-orders.ts';
import type { OpenStreamOptions, StreamEnd, StreamKind } from './order-stream.ts';

interface Opened extends OpenStreamOptions {
  end(end: StreamEnd): void;
}

/** A stream kind whose server is the test. */
function setUp() {
  const clock = createManualClock();
  const opened: Opened[] = [];
  const kind: StreamKind = {
    ...{ name: 'test', addresses: ['a', 'b'], tellsEveryStep: true },
    open(options) {
      const { promise: ended, resolve: end } = Promise.withResolvers<StreamEnd>();
      opened.push({ ...options, end });
      return { ended, close: () => end({ polite: true, detail: 'closed' }) };
    },
  };
  const following = followOrders({ kinds: [kind], clock, random: () => 0 });
  return { clock, opened, following };
}
const ended: StreamEnd = { polite: true, detail: 'moved on' };
const step = (cursor: string, name: 'preparing' | 'in_transit' | 'out_for_delivery' | 'delivered') => ({
  ...{ cursor, step: name, isStep: cursor !== 'c0' },
});

describe('clients that follow orders', () => {
  it('resume at once, at the other address, after the last cursor, and note how long there was no stream', async () => {
    const { clock, opened, following } = setUp();
    await clock.advance(0);
    following.offer('ord_1');
    await clock.advance(0);
    opened[0]!.onOpen();
    opened[0]!.onUpdate(step('c0', 'preparing'));
    opened[0]!.onUpdate(step('c1', 'in_transit'));
    opened[0]!.end(ended);
    await clock.advance(0);
    expect(opened[1]).toMatchObject({ address: 'b', orderId: 'ord_1', after: 'c1' });
    opened[1]!.end({ polite: false, detail: 'refused' });
    await clock.advance(50);
    expect(opened[2]).toMatchObject({ address: 'a', after: 'c1' });
    opened[2]!.onOpen();
    opened[2]!.onUpdate(step('c2', 'out_for_delivery'));
    opened[2]!.onUpdate(step('c3', 'delivered'));
    expect(await following.stop()).toEqual({
      ...{ orders: 1, missed: [], repeated: [] },
      ends: [{ kind: 'test', ...ended, gapMs: 50 }],
    });
  });

  it('give up what is not delivered in time, and what is refused', async () => {
    const { clock, opened, following } = setUp();
    await clock.advance(0);
    following.offer('ord_1');
    following.offer('ord_2');
    await clock.advance(0);
    opened[0]!.onOpen();
    opened[1]!.end({ polite: false, refused: true, detail: '404' });
    await clock.advance(50);
    const result = following.stop();
    await clock.advance(20_000);
    const { orders, missed, ends } = await result;
    expect([orders, missed.length, ends.map(({ detail }) => detail)]).toEqual([2, 8, ['404']]);
  });
});
