import { afterAll, describe, expect, it } from '@jest/globals';
import { exponential, simulateOverload, type ModelledServer, type Tally } from './overload-simulation.ts';

interface Case {
  readonly name: string;
  readonly server: ModelledServer;
  /** Calls per second that it can do. */
  readonly capacity: number;
}

const cases: readonly Case[] = [
  { name: '8 workers, 50 ms', capacity: 160, server: pool(8, (random) => 50 * exponential(random)) },
  { name: '2 workers, 20 ms', capacity: 100, server: pool(2, (random) => 20 * exponential(random)) },
  { name: '1 worker, 5 ms', capacity: 200, server: pool(1, (random) => 5 * exponential(random)) },
  { name: '64 workers, 30 ms', capacity: 2_133, server: pool(64, () => 30) },
  { name: '16 workers, 5 or 80 ms', capacity: 376, server: pool(16, (random) => (random() < 0.5 ? 5 : 80)) },
  {
    // Beyond 8 at once every further call makes all of them slower by more than its share.
    name: 'contended beyond 8',
    capacity: 160,
    server: pool(Infinity, (random, inFlight) => {
      const crowd = Math.max(0, inFlight - 8);
      return 40 * exponential(random) * (1 + crowd / 8) * (1 + crowd / 100);
    }),
  },
];

function pool(workers: number, workMs: ModelledServer['workMs']): ModelledServer {
  return { workers, workMs };
}

/** Good answers per second at `times` the capacity, of which critical calls offer `criticalShare` of the capacity. */
function load({ server, capacity }: Case, times: number, criticalShare: number, limited: boolean, seed = 7) {
  const critical = capacity * criticalShare;
  // As many critical calls as it takes to tell 99.4 % from 99.5 %, within reason.
  const seconds = 10 + Math.min(100, Math.max(20, 2_000 / critical));
  const result = simulateOverload({
    seed,
    server,
    tuning: limited ? {} : undefined,
    seconds,
    countFromSeconds: 10,
    arrivals: [
      { priority: 'critical', rate: () => critical },
      { priority: 'normal', rate: () => capacity * times - critical },
    ],
  });
  return { ...result, goodput: (result.critical.good + result.normal.good) / (seconds - 10) };
}

/** Of those that came to an end before the simulation did. */
function shareOfGood({ good, refused, late }: Tally): number {
  return good / (good + refused + late);
}

describe('at three times the capacity', () => {
  const lines: string[] = [];
  afterAll(() => {
    process.stdout.write(
      `L9, 3 × overload, deadline 1 s, share of the peak goodput / of critical calls:\n${lines.join('\n')}\n`,
    );
  });

  describe.each(cases)('a server of $name', (server) => {
    const peak = Math.max(...[0.9, 1].map((times) => load(server, times, 0.1, false).goodput));

    it('does nothing useful without a limiter', () => {
      expect(load(server, 3, 0.1, false).goodput / peak).toBeLessThan(0.1);
    });

    it.each([0.1, 0.3, 0.5])(
      'keeps its goodput and its critical calls, which are %d of the capacity',
      (share) => {
        const overloaded = load(server, 3, share, true);
        const goodput = overloaded.goodput / peak;
        const critical = shareOfGood(overloaded.critical);
        lines.push(
          `  ${server.name.padEnd(24)} critical ${share * 100} % of capacity: ${(goodput * 100).toFixed(1)} % / ${(critical * 100).toFixed(2)} %`,
        );
        expect(goodput).toBeGreaterThanOrEqual(0.9);
        expect(critical).toBeGreaterThanOrEqual(0.994);
      },
    );
  });
});

describe('a floor that is too high for what is behind', () => {
  const server = pool(12, (random) => 400 * exponential(random));
  const run = (tuning: { minLimit: number; startLimit: number; maxLimit: number } | undefined) =>
    simulateOverload({
      ...{
        seed: 11,
        server,
        tuning,
        seconds: 400,
        countFromSeconds: 40,
        deadlineMs: 1_500,
        callersLeave: true,
      },
      arrivals: [
        { priority: 'critical', rate: () => 3 },
        { priority: 'normal', rate: () => 87 },
      ],
    });

  it('gives way, so that a slow service that works on for those who left still does useful work', () => {
    const { critical, normal } = run({ minLimit: 100, startLimit: 200, maxLimit: 1_000 });
    const goodput = (critical.good + normal.good) / 360 / 30;
    process.stdout.write(
      `L9 with a floor of 100 before 30 calls a second: goodput ${(goodput * 100).toFixed(1)} %, critical ${(shareOfGood(critical) * 100).toFixed(1)} %\n`,
    );
    expect(goodput).toBeGreaterThanOrEqual(0.9);
    expect(run(undefined).normal.good).toBeLessThan(normal.good / 10);
  });
});

describe('createConcurrencyLimiter on a server of 8 workers, 50 ms', () => {
  const [eight] = cases as [Case];

  it('refuses nothing any more three seconds after an overload', () => {
    const { normal } = simulateOverload({
      ...{ seed: 3, server: eight.server, tuning: {}, seconds: 60, countFromSeconds: 33 },
      arrivals: [{ priority: 'normal', rate: (now) => (now < 30_000 ? 480 : 100) }],
    });
    expect(normal).toMatchObject({ refused: 0, late: 0 });
  });

  it('neither drifts up nor down in five minutes of overload, which is thirty probes', () => {
    const limits: number[] = [];
    simulateOverload({
      ...{ seed: 5, server: eight.server, tuning: {}, seconds: 300 },
      arrivals: [{ priority: 'normal', rate: () => 480 }],
      everySecond: (limiter, second) => second > 60 && limits.push(limiter?.state().limit ?? 0),
    });
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...limits)).toBeLessThanOrEqual(35);
  });

  it('sheds background before normal before critical calls', () => {
    const { critical, normal, background } = simulateOverload({
      ...{ seed: 3, server: eight.server, tuning: {}, seconds: 60, countFromSeconds: 10 },
      arrivals: [
        { priority: 'critical', rate: () => 30 },
        { priority: 'normal', rate: () => 60 },
        { priority: 'background', rate: () => 390 },
      ],
    });
    expect(shareOfGood(critical)).toBeGreaterThanOrEqual(0.994);
    // A probe holds both back.
    expect(shareOfGood(normal)).toBeGreaterThanOrEqual(0.95);
    expect(shareOfGood(background)).toBeLessThan(0.25);
    // What the others leave is used.
    expect(shareOfGood(background)).toBeGreaterThan(0.1);
  });

  it('makes room for a rush of checkouts that nothing announced', () => {
    const { critical } = simulateOverload({
      ...{ seed: 3, server: eight.server, tuning: {}, seconds: 60, countFromSeconds: 20 },
      arrivals: [
        { priority: 'critical', rate: (now) => (now < 20_000 ? 2 : 80) },
        { priority: 'normal', rate: () => 480 },
      ],
    });
    expect(critical.refused / critical.offered).toBeLessThan(0.01);
  });
});

describe('createConcurrencyLimiter without overload', () => {
  it('takes noise for noise: durations between 2 and 200 ms at 70 % load', () => {
    const limits: number[] = [];
    const { normal } = simulateOverload({
      seed: 3,
      server: pool(
        16,
        (random) => 20 * Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
      ),
      ...{ tuning: {}, seconds: 120, countFromSeconds: 10 },
      arrivals: [{ priority: 'normal', rate: () => (16 / 0.033) * 0.7 }],
      everySecond: (limiter) => limits.push(limiter?.state().limit ?? 0),
    });
    expect(normal.refused / normal.offered).toBeLessThan(0.005);
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(16);
  });

  it.each([
    ['a call every two seconds, for a day', 0.5, 86_400],
    ['a tenth of the capacity, for ten minutes', 213, 600],
  ])('does not run away with %s', (_name, perSecond, seconds) => {
    let highest = 0;
    simulateOverload({
      ...{ seed: 3, server: pool(64, () => 30), tuning: {}, seconds },
      arrivals: [{ priority: 'normal', rate: () => perSecond }],
      everySecond: (limiter) => (highest = Math.max(highest, limiter?.state().limit ?? 0)),
    });
    expect(highest).toBeLessThanOrEqual(40);
  });

  it('takes a slower upstream for the new normal within half a minute', () => {
    const { normal } = simulateOverload({
      seed: 3,
      server: pool(Infinity, (_random, _inFlight, now) => (now < 20_000 ? 30 : 300)),
      ...{ tuning: {}, seconds: 90, countFromSeconds: 50 },
      arrivals: [{ priority: 'normal', rate: () => 200 }],
    });
    expect(normal.refused).toBe(0);
  });

  it('finds the limit of a server that is overloaded from its first moment', () => {
    let limit = Infinity;
    const { normal } = simulateOverload({
      ...{ seed: 3, server: pool(1, (random) => 5 * exponential(random)), seconds: 30 },
      tuning: { startLimit: 200 },
      arrivals: [{ priority: 'normal', rate: () => 600 }],
      everySecond: (limiter) => (limit = limiter?.state().limit ?? Infinity),
    });
    expect(limit).toBeLessThan(25);
    expect(normal.good / 30).toBeGreaterThan(0.9 * 200);
  });
});
