import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { percentilesOf, type Percentiles } from '@bff/load-balancing/simulator';
import type { Column } from '../run/run-plan.ts';
import { drawYAxis, type Panel } from './panel.ts';
import { middleOf, secondsOf } from './seconds.ts';
import { element } from './svg.ts';

const shown = [
  { text: 'p50', name: 'p50' },
  { text: 'p90', name: 'p90' },
  { text: 'p99', name: 'p99' },
  { text: 'p99.9', name: 'p999' },
] as const satisfies readonly { text: string; name: keyof Percentiles }[];

interface Point {
  readonly second: number;
  readonly latency: Percentiles;
}

/** How long successes took, second by second, on a logarithmic scale. */
export function createLatencyPanel(columns: readonly Column[]): Panel {
  const points = new Map(columns.map((column) => [column, pointsOf(column)]));
  const all = [...points.values()].flat().filter(({ latency }) => !Number.isNaN(latency.p50));
  const lowest = Math.min(...all.map(({ latency }) => latency.p50));
  const highest = Math.max(...all.map(({ latency }) => latency.p999));
  const domain = all.length === 0 ? [1, 1_000] : [Math.max(0.1, lowest * 0.7), highest * 1.3];
  return {
    title: 'Latency percentiles of successes',
    height: 170,
    legend: () => shown.map(({ text }, i) => ({ text, className: `l${i}`, mark: 'line' })),
    draw(column, frame) {
      const y = scaleLog(domain, [frame.height, 0]);
      const path = (name: keyof Percentiles) =>
        line<Point>(
          (point) => frame.x(middleOf(point)),
          ({ latency }) => y(latency[name]),
        ).defined(({ latency }) => !Number.isNaN(latency[name]))(points.get(column) ?? []) ?? '';
      return [
        drawYAxis(y, y.ticks().filter(isRound), frame, 'ms (logarithmic)'),
        ...shown.map(({ name }, i) => element('path', { class: `line l${i}`, d: path(name) })),
      ].join('');
    },
  };
}

function pointsOf(column: Column): Point[] {
  return secondsOf(column).map(({ second, latenciesMs }) => ({
    second,
    latency: percentilesOf(latenciesMs),
  }));
}

/** 1, 2 and 5 times a power of ten: the others stand too close together. */
function isRound(tick: number): boolean {
  return /^[125]/.test(tick.toExponential(0));
}
