import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { SimulatedSecond } from '@bff/load-balancing/simulator';
import type { Column } from '../run/run-plan.ts';
import { drawYAxis, type Panel } from './panel.ts';
import { middleOf, secondsOf } from './seconds.ts';
import { element } from './svg.ts';

/** What was asked for and what came of it. */
export function createRatePanel(columns: readonly Column[]): Panel {
  const counts = columns.flatMap((column) =>
    secondsOf(column).flatMap(({ offered, good, failed }) => [offered, good, failed]),
  );
  const most = Math.max(1, ...counts);
  return {
    title: 'Calls per second',
    height: 150,
    legend: (column) => [
      { text: 'offered', className: 'offered', mark: 'line' },
      { text: goodText(column), className: 'good', mark: 'line' },
      ...(column.shown.result.failed > 0
        ? [{ text: 'failed', className: 'failed', mark: 'line' } as const]
        : []),
    ],
    draw(column, frame) {
      const y = scaleLinear([0, most], [frame.height, 0]).nice(4);
      const seconds = secondsOf(column);
      const x = (second: SimulatedSecond) => frame.x(middleOf(second));
      const path = (className: string, of: 'offered' | 'good' | 'failed') =>
        element('path', {
          class: `line ${className}`,
          d: line<SimulatedSecond>(x, (second) => y(second[of]))(seconds) ?? '',
        });
      const fill = area<SimulatedSecond>(x, y(0), (second) => y(second.good))(seconds) ?? '';
      return [
        drawYAxis(y, y.ticks(4), frame, 'calls/s'),
        element('path', { class: 'good-area', d: fill }),
        column.shown.result.failed > 0 ? path('failed', 'failed') : '',
        path('good', 'good'),
        path('offered', 'offered'),
      ].join('');
    },
  };
}

function goodText({ scenario: { goodWithinMs } }: Column): string {
  return goodWithinMs === undefined ? 'good (answered)' : `good (answered within ${goodWithinMs} ms)`;
}
