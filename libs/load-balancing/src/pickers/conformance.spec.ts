import { describe, expect, it } from '@jest/globals';
import type { PickerKind } from '../policy.ts';
import {
  runScenario,
  type InstanceScenario,
  type Scenario,
  type SimulationResult,
} from '../simulator/index.ts';

const pickers: readonly PickerKind[] = ['peak_ewma', 'least_request', 'round_robin', 'consistent_hash'];

function instance(id: string, more: Partial<InstanceScenario> = {}): InstanceScenario {
  return { id, serviceTime: { kind: 'lognormal', medianMs: 50, sigma: 0.3 }, ...more };
}

function scenario(picker: PickerKind, more: Partial<Scenario> & Pick<Scenario, 'instances'>): Scenario {
  return { name: picker, seed: 1, durationMs: 60_000, ratePerSecond: 200, policy: { picker }, ...more };
}

/** The most that one instance got in one second, as a multiple of its even share among those known then. */
function worstShare(result: SimulationResult, instances: readonly InstanceScenario[]) {
  const ratios = result.timeline.flatMap(({ second, offered, attempts }) => {
    const known = instances.filter(
      ({ startsAtMs = 0, stopsAtMs = Infinity }) =>
        startsAtMs <= second * 1_000 && second * 1_000 < stopsAtMs,
    );
    return known.map(({ id }) => (attempts[id] ?? 0) / (offered / known.length));
  });
  return Math.max(...ratios.filter((ratio) => !Number.isNaN(ratio)));
}

describe.each(pickers)('conformance of %s', (picker) => {
  it.each([2, 3, 5])(
    'loads %d equal instances equally: max/mean at most 1.05 over 10 000 picks (L7)',
    (count) => {
      const instances = Array.from({ length: count }, (_, i) => instance(`i${i}`));
      const { instances: loads, offered } = runScenario(scenario(picker, { durationMs: 50_000, instances }));
      expect(offered).toBeGreaterThan(9_500);
      const most = Math.max(...loads.map(({ share }) => share)) * count;
      process.stdout.write(`L7 ${picker}, ${count} instances: max/mean ${most.toFixed(3)}\n`);
      expect(most).toBeLessThanOrEqual(1.05);
    },
  );

  it('gives nobody more than twice its share while one by one is replaced', () => {
    const instances = ['a', 'b', 'c'].flatMap((id, i) => [
      instance(`old-${id}`, { stopsAtMs: 10_000 + i * 15_000 }),
      instance(`new-${id}`, { startsAtMs: 10_000 + i * 15_000 }),
    ]);
    const result = runScenario(scenario(picker, { instances }));
    expect(result.succeeded).toBe(result.offered);
    expect(worstShare(result, instances)).toBeLessThanOrEqual(2);
  });

  it.each([
    [
      'growing from two to four',
      [instance('a'), instance('b')],
      [{ startsAtMs: 20_000 }, { startsAtMs: 20_000 }],
    ],
    [
      'shrinking from four to two',
      [instance('a'), instance('b')],
      [{ stopsAtMs: 20_000 }, { stopsAtMs: 20_000 }],
    ],
    ['growing from one to two', [instance('a')], [{ startsAtMs: 20_000 }]],
  ])('gives nobody more than twice its share while %s', (_, staying, others) => {
    const instances = [...staying, ...others.map((more, i) => instance(`other-${i}`, more))];
    const result = runScenario(scenario(picker, { instances, ratePerSecond: 400 }));
    expect(result.succeeded).toBe(result.offered);
    expect(worstShare(result, instances)).toBeLessThanOrEqual(2);
  });

  it('ramps a returned instance up: no burst, and its full share in the end', () => {
    const dead = { kind: 'dead', fromMs: 5_000, untilMs: 9_000 } as const;
    const instances = [instance('a', { faults: [dead] }), instance('b')];
    const result = runScenario(scenario(picker, { instances, retries: {} }));
    expect(result.succeeded).toBe(result.offered);
    const returned = result.events.find(({ event }) => event.kind === 'returned')!;
    const second = Math.floor(returned.atMs / 1_000);
    const shareOf = (from: number, to: number) => {
      const seconds = result.timeline.slice(from, to);
      const attempts = seconds.reduce((sum, { attempts: of }) => sum + (of['a'] ?? 0), 0);
      return attempts / seconds.reduce((sum, { offered }) => sum + offered, 0);
    };
    expect(shareOf(second, second + 2)).toBeLessThanOrEqual(0.25);
    expect(shareOf(second + 15, second + 40)).toBeGreaterThan(0.4);
  });

  it('honours weights', () => {
    const instances = [instance('a', { weight: 3 }), instance('b')];
    // Enough pending for whole numbers of them to stand in the ratio.
    const result = runScenario(scenario(picker, { instances, ratePerSecond: 1_000 }));
    expect(result.instances[0]!.share).toBeGreaterThan(0.7);
    expect(result.instances[0]!.share).toBeLessThan(0.8);
  });
});
