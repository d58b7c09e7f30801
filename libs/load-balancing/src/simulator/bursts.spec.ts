import { describe, expect, it } from '@jest/globals';
import { runScenario } from './run-scenario.ts';
import type { Fault, Scenario, Surge } from './scenario.ts';
import type { SimulationResult } from './simulation-result.ts';

const seeds = [1, 2, 3, 4, 5];
const serviceTime = { kind: 'lognormal', medianMs: 50, sigma: 0.2 } as const;

/** Two hundred calls within a millisecond, on top of twenty a second. */
const burstAt = (fromMs: number): Surge => ({ fromMs, untilMs: fromMs + 1, factor: 10_000 });

function scenario(ids: string, faults: Record<string, Fault>, more: Partial<Scenario> = {}): Scenario {
  const instances = ids.split('').map((id) => {
    const fault = faults[id];
    return { id, serviceTime, ...(fault && { faults: [fault] }) };
  });
  return {
    name: 'burst',
    seed: 1,
    durationMs: 30_000,
    ratePerSecond: 20,
    arrivals: 'constant',
    retries: {},
    instances,
    ...more,
  };
}

function report(figure: string) {
  process.stdout.write(`${figure}\n`);
}

const attemptsBetween = ({ timeline }: SimulationResult, from: number, to: number) => {
  const counts: Record<string, number> = {};
  for (const { attempts } of timeline.slice(from, to)) {
    for (const [id, count] of Object.entries(attempts)) counts[id] = (counts[id] ?? 0) + count;
  }
  return counts;
};

/** The largest share of the attempts that one instance got. */
function largestShare(counts: Record<string, number>): number {
  const all = Object.values(counts);
  return Math.max(...all) / all.reduce((sum, count) => sum + count, 0);
}

const ways: readonly [string, string, string, Fault][] = [
  ['one dead of two', 'ab', 'a', { kind: 'dead', fromMs: 10_000 }],
  ['two dead of three', 'abc', 'ab', { kind: 'dead', fromMs: 10_000 }],
  [
    'one of two that answers 500',
    'ab',
    'a',
    { kind: 'failing', answer: 'server_error', afterMs: 5, fromMs: 10_000 },
  ],
];

describe('two hundred calls at once that meet', () => {
  it.each(ways)('%s all succeed', (name, ids, broken, fault) => {
    const failed = seeds.map((seed) => {
      const faults = Object.fromEntries(broken.split('').map((id) => [id, fault]));
      const result = runScenario(scenario(ids, faults, { seed, surges: [burstAt(10_000)] }));
      expect(result.offered).toBeGreaterThan(700);
      return result.failed;
    });
    report(`L1 simulated, 200 calls at once, ${name}: ${Math.max(...failed)} failed`);
    expect(Math.max(...failed)).toBe(0);
  });
});

describe('a total outage (L8) of', () => {
  it.each(['ab', 'abc'])('%s costs at most 1.2 attempts per call, bursts included', (ids) => {
    const dead = { kind: 'dead', fromMs: 10_000, untilMs: 40_000 } as const;
    const faults = Object.fromEntries(ids.split('').map((id) => [id, dead]));
    const surges = Array.from({ length: 6 }, (_, i) => burstAt(10_000 + i * 5_000));
    const ratios = seeds.map((seed) => {
      const result = runScenario(scenario(ids, faults, { seed, surges, durationMs: 60_000 }));
      const offered = result.timeline.slice(10, 40).reduce((sum, second) => sum + second.offered, 0);
      const attempts = Object.values(attemptsBetween(result, 10, 40)).reduce((sum, count) => sum + count, 0);
      return attempts / offered;
    });
    report(`L8 with bursts, ${ids.length} instances: ${Math.max(...ratios).toFixed(3)} attempts per call`);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.2);
  });
});

describe('after a total outage', () => {
  const outages: readonly [string, Fault][] = [
    ['dead', { kind: 'dead', fromMs: 10_000, untilMs: 40_000 }],
    ['dead for two seconds', { kind: 'dead', fromMs: 10_000, untilMs: 12_000 }],
    [
      'answering 500',
      { kind: 'failing', answer: 'server_error', afterMs: 1, fromMs: 10_000, untilMs: 40_000 },
    ],
  ];
  it.each(outages.flatMap(([name, fault]) => ['ab', 'abc'].map((ids) => [ids, name, fault] as const)))(
    'of %s, %s, all share the load again: nobody has a third more than his part',
    (ids, name, fault) => {
      const shares = seeds.flatMap((seed) => {
        const faults = Object.fromEntries(ids.split('').map((id) => [id, fault]));
        const more = { seed, ratePerSecond: 200, arrivals: 'poisson', durationMs: 90_000 } as const;
        const result = runScenario(scenario(ids, faults, more));
        const over = (fault.untilMs ?? 0) / 1_000;
        // From the end of slow start on, and for as long as a penalty of 5 s would be remembered.
        return Array.from({ length: 30 }, (_, i) =>
          largestShare(attemptsBetween(result, over + 12 + i, over + 13 + i)),
        );
      });
      const worst = Math.max(...shares) * ids.length;
      report(`after a total outage, ${ids.length} ${name}: at most ${worst.toFixed(2)} times its part`);
      expect(worst).toBeLessThanOrEqual(1.35);
    },
  );

  it('nobody is left without traffic, whichever picker', () => {
    for (const picker of ['peak_ewma', 'least_request', 'round_robin', 'consistent_hash'] as const) {
      const dead = { kind: 'dead', fromMs: 10_000, untilMs: 12_000 } as const;
      const faults = { a: dead, b: dead, c: dead };
      for (const seed of seeds) {
        const more = { seed, ratePerSecond: 200, durationMs: 60_000, policy: { picker } };
        const counts = attemptsBetween(runScenario(scenario('abc', faults, more)), 30, 60);
        expect(Object.values(counts).filter((count) => count > 1_000)).toHaveLength(3);
      }
    }
  });
});

describe('a burst after a quiet time', () => {
  it('is shared, although the two were asked last at different times', () => {
    const shares = seeds.map((seed) => {
      const more = { seed, ratePerSecond: 0.05, durationMs: 130_000, surges: [] };
      const surges = [{ fromMs: 120_000, untilMs: 120_001, factor: 4_000_000 }];
      return largestShare(attemptsBetween(runScenario(scenario('ab', {}, { ...more, surges })), 120, 130));
    });
    report(`200 calls after minutes of one each: at most ${(Math.max(...shares) * 100).toFixed(0)} % to one`);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.7);
  });
});
