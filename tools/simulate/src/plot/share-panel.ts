import { scaleLinear } from 'd3-scale';
import { area, stack, stackOffsetExpand } from 'd3-shape';
import type { SimulatedSecond } from '@bff/load-balancing/simulator';
import type { Column } from '../run/run-plan.ts';
import { drawYAxis, type LegendEntry, type Panel } from './panel.ts';
import { middleOf, secondsOf } from './seconds.ts';
import { element, tooltip } from './svg.ts';
import { seriesColours } from './theme.ts';

/** Who got how much of the attempts, each second's being 100 %. */
export const sharePanel: Panel = {
  title: 'Load share per instance',
  height: 150,
  legend(column) {
    const classes = classesOf(column);
    const entries = [...classes].filter(([, className]) => className.startsWith('s'));
    const others = classes.size - entries.length;
    return [
      ...entries.map(([text, className]): LegendEntry => ({ text, className, mark: 'box' })),
      ...(others > 0 ? [{ text: `${others} others`, className: 'o0', mark: 'box' } as const] : []),
    ];
  },
  draw(column, frame) {
    const y = scaleLinear([0, 1], [frame.height, 0]);
    const percent = scaleLinear([0, 100], [frame.height, 0]);
    const classes = classesOf(column);
    const layers = stack<SimulatedSecond, string>()
      .keys(classes.keys())
      .value(({ attempts }, id) => attempts[id] ?? 0)
      .offset(stackOffsetExpand)(secondsOf(column));
    const draw = area<(typeof layers)[number][number]>(
      ({ data }) => frame.x(middleOf(data)),
      (point) => y(point[0]),
      (point) => y(point[1]),
    ).defined(([from, to]) => !Number.isNaN(from) && !Number.isNaN(to));
    return [
      ...layers.map((layer) =>
        element(
          'path',
          { class: `layer ${classes.get(layer.key) ?? ''}`, d: draw(layer) ?? '' },
          tooltip(layer.key),
        ),
      ),
      element('g', { class: 'over' }, drawYAxis(percent, [0, 25, 50, 75, 100], frame, '% of attempts')),
    ].join('');
  },
};

/** A colour each; of many, those that something happens to, and greys for the others. */
function classesOf({ scenario: { instances } }: Column): ReadonlyMap<string, string> {
  const many = instances.length > seriesColours;
  let coloured = 0;
  return new Map(
    instances.map(({ id, faults = [], startsAtMs, stopsAtMs }, i) => {
      const special = faults.length > 0 || startsAtMs !== undefined || stopsAtMs !== undefined;
      const hasColour = coloured < seriesColours && (!many || special);
      return [id, hasColour ? `s${coloured++}` : `o${i % 2}`];
    }),
  );
}
