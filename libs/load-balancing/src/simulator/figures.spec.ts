import { describe, expect, it } from '@jest/globals';
import type { PickerKind, PolicyOverrides } from '../policy.ts';
import { runScenario } from './run-scenario.ts';
import type { Fault, InstanceScenario, Scenario } from './scenario.ts';

const seeds = [1, 2, 3, 4, 5];
const serviceTime = { kind: 'lognormal', medianMs: 50, sigma: 0.2 } as const;

function oneBad(ids: readonly string[], faults: readonly Fault[], more: Partial<Scenario> = {}): Scenario {
  const instances = ids.map((id, i): InstanceScenario => ({ id, serviceTime, ...(i === 0 && { faults }) }));
  return { name: 'one bad', seed: 1, durationMs: 60_000, ratePerSecond: 200, instances, ...more };
}

function report(figure: string) {
  process.stdout.write(`${figure}\n`);
}

const badWays: readonly [string, Fault][] = [
  ['answers 500 in 1 ms', { kind: 'failing', answer: 'server_error', afterMs: 1 }],
  [
    'answers 500 in 1 ms from the tenth second on',
    { kind: 'failing', answer: 'server_error', afterMs: 1, fromMs: 10_000 },
  ],
  ['answers 429 in 1 ms', { kind: 'failing', answer: 'overloaded', afterMs: 1 }],
  [
    'answers 429 in 1 ms from the tenth second on',
    { kind: 'failing', answer: 'overloaded', afterMs: 1, fromMs: 10_000 },
  ],
  ['refuses connections', { kind: 'dead' }],
];

describe('L3: one of two fails every call for 60 s, without retries', () => {
  it.each(badWays)('at least 99.9 %% succeed when it %s', (way, fault) => {
    const rates = seeds.map((seed) => {
      const { succeeded, offered } = runScenario(oneBad(['bad', 'good'], [fault], { seed }));
      return succeeded / offered;
    });
    const worst = Math.min(...rates);
    report(`L3 ${way}: ${(worst * 100).toFixed(3)} % succeed, the worst of ${seeds.length} runs`);
    expect(worst).toBeGreaterThanOrEqual(0.999);
  });
});

describe('L4: eleven instances, one at 2 s for 30 of 60 s', () => {
  // The published comparison: median 167 ms, deviation 5 ms, 1000 calls/s, no ejection.
  // https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/
  const withoutEjection = { ejection: { maxEjectedShare: 0 } };
  const slow = { kind: 'slow', fixedMs: 2_000, fromMs: 15_000, untilMs: 45_000 } as const;
  const goodShare = (picker: PickerKind, policy: PolicyOverrides) =>
    runScenario({
      name: 'eleven instances',
      seed: 1,
      durationMs: 60_000,
      ratePerSecond: 1_000,
      goodWithinMs: 1_000,
      policy: { picker, ...policy },
      instances: Array.from({ length: 11 }, (_, i) => ({
        id: `i${i}`,
        serviceTime: { kind: 'normal', meanMs: 167, sdMs: 5 } as const,
        ...(i === 0 && { faults: [slow] }),
      })),
    }).goodShare;

  it.each<[string, PickerKind, PolicyOverrides, number, number]>([
    ['round robin, the control', 'round_robin', withoutEjection, 0.945, 0.96],
    ['least request, the control', 'least_request', withoutEjection, 0.985, 0.997],
    ['peak EWMA alone', 'peak_ewma', withoutEjection, 0.999, 1],
    ['the default policy', 'peak_ewma', {}, 0.999, 1],
  ])('within 1 s with %s', (name, picker, policy, atLeast, atMost) => {
    const share = goodShare(picker, policy);
    report(`L4 ${name}: ${(share * 100).toFixed(2)} % within 1 s`);
    expect(share).toBeGreaterThanOrEqual(atLeast);
    expect(share).toBeLessThanOrEqual(atMost);
  });
});

describe('L5: one of three is ten times slower', () => {
  it('p99 is at most 1.3 times the p99 without the fault', () => {
    const ids = ['bad', 'b', 'c'];
    const ratios = seeds.map((seed) => {
      const without = runScenario(oneBad(ids, [], { seed })).latencyMs.p99;
      return runScenario(oneBad(ids, [{ kind: 'slow', factor: 10 }], { seed })).latencyMs.p99 / without;
    });
    report(`L5 p99 ${Math.max(...ratios).toFixed(3)} times the baseline, the worst of ${seeds.length} runs`);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.3);
  });
});

describe('L6: one of two fails in 1 ms, the other is healthy at 50 ms', () => {
  it.each(badWays)('at most 2 %% of the traffic goes to it when it %s', (way, fault) => {
    const shares = seeds.map((seed) => {
      const { timeline } = runScenario(oneBad(['bad', 'good'], [fault], { seed }));
      const seconds = timeline.filter(({ second }) => second * 1_000 >= (fault.fromMs ?? 0));
      const offered = seconds.reduce((sum, second) => sum + second.offered, 0);
      return seconds.reduce((sum, { attempts }) => sum + (attempts['bad'] ?? 0), 0) / offered;
    });
    report(
      `L6 ${way}: ${(Math.max(...shares) * 100).toFixed(2)} % of the traffic, the worst of ${seeds.length} runs`,
    );
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.02);
  });
});

describe('L8: total outage of an upstream', () => {
  it('costs at most 1.2 attempts per call, and is over as soon as it is over', () => {
    const dead = { kind: 'dead', fromMs: 10_000, untilMs: 40_000 } as const;
    const instances = ['a', 'b'].map((id) => ({ id, serviceTime, faults: [dead] }));
    const { timeline } = runScenario(oneBad([], [], { instances, retries: {}, arrivals: 'constant' }));
    const outage = timeline.slice(10, 40);
    const offered = outage.reduce((sum, second) => sum + second.offered, 0);
    const attempts = outage.reduce(
      (sum, second) => sum + (second.attempts['a'] ?? 0) + (second.attempts['b'] ?? 0),
      0,
    );
    report(`L8 one tier: ${(attempts / offered).toFixed(4)} attempts per call`);
    expect(attempts / offered).toBeLessThanOrEqual(1.2);
    expect(timeline.slice(40).reduce((sum, second) => sum + second.failed, 0)).toBe(0);
  });
});

describe('beyond the figures', () => {
  it('errors at 1 % on both of two instances do not throw the traffic from one to the other', () => {
    const faults = [{ kind: 'failing', answer: 'server_error', afterMs: 5, share: 0.01 }] as const;
    const instances = ['a', 'b'].map((id) => ({ id, serviceTime, faults }));
    const { timeline, ejections } = runScenario(oneBad([], [], { instances }));
    const lopsided = timeline.filter(({ attempts, offered }) => (attempts['a'] ?? 0) > 0.85 * offered);
    expect(ejections).toEqual([]);
    expect(lopsided.length).toBeLessThan(6);
  });

  it('a frozen instance is out of the way within a second, and no call is lost', () => {
    const frozen = { kind: 'frozen', fromMs: 10_000, untilMs: 40_000 } as const;
    const more = { retries: {}, timeoutMs: 2_000, attemptTimeoutMs: 1_000 };
    const { timeline, succeeded, offered } = runScenario(oneBad(['bad', 'good'], [frozen], more));
    const second = timeline[11]!;
    report(
      `L2 frozen: ${timeline[10]!.attempts['bad'] ?? 0} calls in its first second, ${second.attempts['bad'] ?? 0} in the next`,
    );
    expect(succeeded).toBe(offered);
    // Seen by the age of what it owes: by timeouts alone it would get dozens.
    expect(timeline[10]!.attempts['bad'] ?? 0).toBeLessThanOrEqual(10);
    expect(second.attempts['bad'] ?? 0).toBeLessThanOrEqual(2);
  });
});
