import { describe, expect, it } from '@jest/globals';
import { FollowedOrder } from './followed-order.ts';
import { readStep, type Step } from './order-stream.ts';

/** What a client was shown, one update after the other, with cursors of their own. */
function shown(
  tellsEveryStep: boolean,
  updates: readonly (Step | undefined | [cursor: string, step: Step])[],
) {
  const order = new FollowedOrder('ord_1', tellsEveryStep);
  for (const [index, update] of updates.entries()) {
    const [cursor, step] = Array.isArray(update) ? update : [`c${index}`, update];
    order.show({ cursor, step, isStep: index > 0 });
  }
  return order;
}
const way = ['preparing', 'in_transit', 'out_for_delivery', 'delivered'] as const;

describe('an order that is followed', () => {
  it('is well when every step was shown once, from wherever it was found', () => {
    for (const from of [0, 1, 2, 3]) {
      expect(shown(true, way.slice(from)).findings()).toEqual({ missed: [], repeated: [] });
    }
    expect(shown(true, [undefined, ...way]).findings()).toEqual({ missed: [], repeated: [] });
  });

  it('is well when its shipment is released before it moves', () => {
    expect(shown(true, ['preparing', ...way]).findings()).toEqual({ missed: [], repeated: [] });
  });

  it('shows what was missed on the way, and at its end', () => {
    expect(shown(true, ['preparing', 'delivered']).findings().missed).toEqual([
      'ord_1 in_transit',
      'ord_1 out_for_delivery',
    ]);
    const stopped = shown(true, ['preparing', 'in_transit']);
    expect([stopped.isDelivered, stopped.findings().missed]).toEqual([
      false,
      ['ord_1 out_for_delivery, never', 'ord_1 delivered, never'],
    ]);
  });

  it('shows what came twice: a step, or a whole update', () => {
    expect(
      shown(true, ['preparing', 'in_transit', 'in_transit', ...way.slice(2)]).findings().repeated,
    ).toEqual(['ord_1 in_transit at c2']);
    const again = shown(false, [['c0', 'preparing'], ['c0', 'preparing'], ...way.slice(1)]);
    expect(again.findings().repeated).toEqual(['ord_1 preparing at c0']);
  });

  it('may skip steps where the latest alone is promised, and not go back', () => {
    expect(shown(false, ['preparing', 'delivered']).findings()).toEqual({ missed: [], repeated: [] });
    expect(shown(false, ['in_transit', 'preparing', 'delivered']).findings().repeated).toHaveLength(1);
  });

  it('goes on from the last cursor', () => {
    expect(shown(true, ['preparing', 'in_transit']).cursor).toBe('c1');
  });
});

describe('the names of steps', () => {
  it.each([
    ['in_transit', 'in_transit'],
    ['OUT_FOR_DELIVERY', 'out_for_delivery'],
    ['ORDER_STAGE_ON_THE_WAY', 'in_transit'],
    ['ORDER_STAGE_PAID', undefined],
    [undefined, undefined],
  ])('%s', (name, step) => {
    expect(readStep(name)).toBe(step);
  });
});
