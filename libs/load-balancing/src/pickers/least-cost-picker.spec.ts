import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EndpointState } from '../endpoint-state.ts';
import { defaultPolicy } from '../policy.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { createLeastCostPicker } from './least-cost-picker.ts';

function statesNamed(count: number) {
  return Array.from(
    { length: count },
    (_, i) => new EndpointState({ id: `i${i}`, url: `http://i${i}` }, defaultPolicy),
  );
}

describe('createLeastCostPicker', () => {
  it('compares two distinct candidates of many, all equally often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 30 }), fc.integer(), (count, seed) => {
        const compared: EndpointState[] = [];
        const metric = (state: EndpointState) => compared.push(state);
        const picker = createLeastCostPicker({ metric, random: createSeededRandom(seed), scanUpTo: 3 });
        picker.pick(statesNamed(count), 0, undefined);
        expect(compared).toHaveLength(2);
        expect(compared[0]).not.toBe(compared[1]);
      }),
    );
  });

  it('compares all of up to three', () => {
    const states = statesNamed(3);
    const cheapest = states[2]!;
    const metric = (state: EndpointState) => (state === cheapest ? 1 : 2);
    const picker = createLeastCostPicker({ metric, random: createSeededRandom(1), scanUpTo: 3 });
    const picked = Array.from({ length: 50 }, () => picker.pick(states, 0, undefined));
    expect(new Set(picked)).toEqual(new Set([cheapest]));
  });

  it.each([2, 3, 8])('breaks ties among %d at random, evenly', (count) => {
    const states = statesNamed(count);
    const picker = createLeastCostPicker({ metric: () => 1, random: createSeededRandom(7), scanUpTo: 3 });
    for (let i = 0; i < 20_000; i++) picker.pick(states, 0, undefined).picks++;
    for (const state of states) expect(state.picks / (20_000 / count)).toBeCloseTo(1, 1);
  });
});
