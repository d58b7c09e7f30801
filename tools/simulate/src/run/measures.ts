import type { Percentiles, Scenario, SimulationResult, Surge } from '@bff/load-balancing/simulator';

/** One figure of a run, and how the worst of several is found. */
export interface Measure {
  readonly label: string;
  readonly unit: 'count' | 'share' | 'ms' | 'number' | 'perSecond';
  readonly worst: 'lowest' | 'highest';
  /** NaN when there is none. */
  of(result: SimulationResult): number;
}

/** What a scenario is judged by, in the order of the table. */
export function measuresOf(scenario: Scenario): readonly Measure[] {
  const { goodWithinMs, surges = [], priorities } = scenario;
  const latency = (label: string, name: keyof Percentiles): Measure => ({
    label: `latency ${label}`,
    unit: 'ms',
    worst: 'highest',
    of: ({ latencyMs }) => latencyMs[name],
  });
  return [
    { label: 'calls', unit: 'count', worst: 'lowest', of: ({ offered }) => offered },
    { label: 'success', unit: 'share', worst: 'lowest', of: (r) => r.succeeded / r.offered },
    ...(goodWithinMs === undefined
      ? []
      : [
          {
            label: `good (within ${goodWithinMs} ms)`,
            unit: 'share',
            worst: 'lowest',
            of: (r: SimulationResult) => r.goodShare,
          } as const,
        ]),
    latency('p50', 'p50'),
    latency('p90', 'p90'),
    latency('p99', 'p99'),
    latency('p99.9', 'p999'),
    { label: 'attempts per call', unit: 'number', worst: 'highest', of: (r) => r.attemptsPerCall },
    { label: 'ejections', unit: 'count', worst: 'highest', of: (r) => r.ejections.length },
    ...surges.flatMap((surge) => surgeMeasures(surge, Object.keys(priorities ?? {}))),
    ...(surges.length > 0
      ? [
          {
            label: 'rejected after, p99',
            unit: 'ms',
            worst: 'highest',
            of: (r: SimulationResult) => r.rejectedMs.p99,
          } as const,
        ]
      : []),
    ...scenario.instances.map(({ id }): Measure => ({
      label: `share of ${id}`,
      unit: 'share',
      worst: 'highest',
      of: (r) => r.instances.find((instance) => instance.id === id)?.share ?? NaN,
    })),
  ];
}

/** While more comes than usual. */
function surgeMeasures({ fromMs, untilMs, factor }: Surge, priorities: readonly string[]): Measure[] {
  const span = `${fromMs / 1_000}–${untilMs / 1_000} s, × ${factor}`;
  const during = ({ timeline }: SimulationResult) =>
    timeline.filter(({ second }) => second * 1_000 >= fromMs && (second + 1) * 1_000 <= untilMs);
  const perSecond = (result: SimulationResult, count: 'offered' | 'good') => {
    const seconds = during(result);
    return seconds.reduce((sum, second) => sum + second[count], 0) / seconds.length;
  };
  const goodShare = (result: SimulationResult, priority: string) => {
    const counts = during(result).map(({ arrived }) => arrived[priority] ?? { offered: 0, good: 0 });
    const sum = (of: 'offered' | 'good') => counts.reduce((total, count) => total + count[of], 0);
    return sum('good') / sum('offered');
  };
  return [
    { label: `offered (${span})`, unit: 'perSecond', worst: 'highest', of: (r) => perSecond(r, 'offered') },
    { label: '  good', unit: 'perSecond', worst: 'lowest', of: (r) => perSecond(r, 'good') },
    ...priorities.map((priority): Measure => ({
      label: `  good of ${priority} calls`,
      unit: 'share',
      worst: 'lowest',
      of: (r) => goodShare(r, priority),
    })),
  ];
}
