import { describe, expect, it } from '@jest/globals';
import { runSeeds, seededScenario } from '../bench/seeded-runs.ts';
import type { CreateAdmission } from './admission.ts';
import { runScenario } from './run-scenario.ts';
import type { InstanceScenario, Scenario } from './scenario.ts';

const serviceTime = { kind: 'constant', ms: 20 } as const;

function scenario(instances: readonly InstanceScenario[], more: Partial<Scenario> = {}): Scenario {
  return {
    name: 'test',
    seed: 1,
    durationMs: 10_000,
    ratePerSecond: 100,
    arrivals: 'constant',
    instances,
    ...more,
  };
}

describe('runScenario', () => {
  it('gives the same result for the same seed, and another for another', () => {
    const [first, again, other] = [6, 6, 12].map((seed) => runScenario(seededScenario(seed)));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('offers calls at the given rate, whatever becomes of them', () => {
    const dead = { id: 'a', serviceTime, faults: [{ kind: 'dead' }] } as const;
    const { offered, failed, failures } = runScenario(scenario([dead]));
    expect(offered).toBeGreaterThanOrEqual(999);
    expect(failed).toBe(offered);
    expect(failures).toEqual({ refused: offered });
  });

  it('accounts for every call, and leaves no lease', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { offered, succeeded, failed, pendingAtEnd } = runScenario(seededScenario(seed));
      expect(succeeded + failed).toBe(offered);
      expect(pendingAtEnd).toBe(0);
    }
  });

  it('queues beyond the concurrency and refuses beyond the queue', () => {
    const small = {
      id: 'a',
      serviceTime: { kind: 'constant', ms: 100 },
      concurrency: 1,
      queueLimit: 2,
    } as const;
    const { succeeded, failures, latencyMs } = runScenario(scenario([small]));
    // One at a time, 100 ms each, for ten seconds.
    expect(succeeded).toBeGreaterThanOrEqual(98);
    expect(succeeded).toBeLessThanOrEqual(104);
    expect(failures.overloaded).toBeGreaterThan(800);
    expect(latencyMs.max).toBeLessThanOrEqual(301);
  });

  it('resets what a dying instance had, and lets a frozen one answer after it thaws', () => {
    const slow = { kind: 'constant', ms: 500 } as const;
    const dying = {
      id: 'a',
      serviceTime: slow,
      faults: [{ kind: 'dead', fromMs: 5_000, untilMs: 6_000 }],
    } as const;
    expect(runScenario(scenario([dying])).failures.reset).toBeGreaterThan(40);
    const frozen = {
      id: 'a',
      serviceTime,
      faults: [{ kind: 'frozen', fromMs: 5_000, untilMs: 6_000 }],
    } as const;
    const { failed, latencyMs } = runScenario(scenario([frozen]));
    expect(failed).toBe(0);
    expect(latencyMs.max).toBeGreaterThan(900);
    expect(latencyMs.max).toBeLessThanOrEqual(1_041);
  });

  it('serves from an instance as soon as discovery knows it, and not after it went', () => {
    const instances = [
      { id: 'a', serviceTime },
      { id: 'late', serviceTime, startsAtMs: 2_000, stopsAtMs: 6_000 },
    ];
    const { timeline, failed } = runScenario(scenario(instances));
    const served = timeline.filter(({ attempts }) => (attempts['late'] ?? 0) > 0).map(({ second }) => second);
    expect(failed).toBe(0);
    expect(served[0]).toBeLessThanOrEqual(3);
    expect(served.at(-1)).toBe(5);
  });

  it('lets a draining instance finish what it has and refuse what comes', () => {
    const slow = { kind: 'constant', ms: 500 } as const;
    const leaving = { id: 'a', serviceTime: slow, faults: [{ kind: 'draining', fromMs: 5_000 }] } as const;
    const { succeeded, failures } = runScenario(scenario([leaving]));
    expect(failures).toEqual({ refused: expect.any(Number) });
    expect(succeeded).toBeGreaterThanOrEqual(499);
  });

  it('offers so many times the rate during a surge, by the shares of the priorities', () => {
    const { timeline } = runScenario(
      scenario([{ id: 'a', serviceTime }], {
        surges: [{ fromMs: 4_000, untilMs: 6_000, factor: 3 }],
        priorities: { critical: 1, normal: 3 },
      }),
    );
    expect(timeline.slice(0, 10).map(({ offered }) => Math.round(offered / 100))).toEqual([
      ...[1, 1, 1, 1, 3, 3, 1, 1, 1, 1],
    ]);
    const critical = timeline.reduce((sum, { arrived }) => sum + (arrived['critical']?.offered ?? 0), 0);
    expect(critical / 1_400).toBeGreaterThan(0.2);
    expect(critical / 1_400).toBeLessThan(0.3);
  });

  it('asks the injected limiter, tells it how each call ended, and asks a new one after a restart', () => {
    const made: { permits: number; ended: string[] }[] = [];
    const createAdmission: CreateAdmission = ({ tuning }) => {
      const state = { permits: 0, ended: [] as string[] };
      made.push(state);
      return {
        acquire: () => {
          if (state.permits >= (tuning['limit'] ?? 0)) return { retryAfterMs: 1_000 };
          state.permits++;
          return {
            done: (outcome) => {
              state.permits--;
              state.ended.push(outcome);
            },
          };
        },
      };
    };
    const limited = {
      id: 'a',
      serviceTime: { kind: 'constant', ms: 100 },
      admission: { limit: 2 },
      faults: [{ kind: 'dead', fromMs: 5_000, untilMs: 6_000 }],
    } as const;
    const { failures, rejectedMs, succeeded } = runScenario(scenario([limited], { timeoutMs: 1_000 }), {
      createAdmission,
    });
    expect(made.map(({ permits }) => permits)).toEqual([0, 0]);
    expect(made.map(({ ended }) => new Set(ended))).toEqual([
      new Set(['success', 'ignored']),
      new Set(['success']),
    ]);
    // Two at a time, 100 ms each, for nine seconds.
    expect(succeeded).toBeGreaterThan(170);
    expect(failures.overloaded).toBeGreaterThan(500);
    expect(rejectedMs.max).toBeLessThanOrEqual(1);
  });

  it('loses no call in many seeded runs with one instance in trouble', () => {
    const { runs, calls, seconds, withFailures } = runSeeds(300);
    process.stdout.write(`${runs} seeded runs, ${calls} calls: ${seconds.toFixed(1)} s\n`);
    expect(withFailures).toEqual([]);
  });
});
