import type { InstanceScenario } from '@bff/load-balancing/simulator';
import type { Column } from '../run/run-plan.ts';
import type { Frame, Panel } from './panel.ts';
import { ejectedSpans, faultSpans, panicSpans, probeTimes, type Span } from './spans.ts';
import { element, label, textWidth, tooltip } from './svg.ts';

const laneHeight = 24;
/** With more, those to which nothing happens have no lane. */
const mostLanes = 6;

/** What happened to each instance and what the balancer made of it: a lane each, and one for panic. */
export function createEventPanel(columns: readonly Column[]): Panel {
  const lanes = Math.max(...columns.map((column) => shownInstances(column).length)) + 1;
  return {
    title: 'Faults, ejections and panic',
    height: lanes * laneHeight,
    legend: () => [
      { text: 'fault', className: 'fault', mark: 'box' },
      { text: 'ejected', className: 'ejected', mark: 'box' },
      { text: 'probe', className: 'probe', mark: 'line' },
      { text: 'panic: all get traffic', className: 'panic', mark: 'box' },
    ],
    draw(column, frame) {
      const instances = shownInstances(column);
      const { durationMs } = column.scenario;
      const panicTop = instances.length * laneHeight;
      return [
        ...instances.map((instance, i) => drawLane(instance, column, frame, i * laneHeight)),
        label('panic', -8, panicTop + 15, { 'text-anchor': 'end' }),
        ...panicSpans(column.shown.result, durationMs).map((span) =>
          box('panic', span, frame, panicTop + 7, 10, `panic ${describe(span)}`),
        ),
      ].join('');
    },
  };
}

function shownInstances({ scenario: { instances }, shown: { result } }: Column): readonly InstanceScenario[] {
  if (instances.length <= mostLanes) return instances;
  return instances.filter(
    ({ id, faults, startsAtMs, stopsAtMs }) =>
      faults !== undefined ||
      startsAtMs !== undefined ||
      stopsAtMs !== undefined ||
      result.ejections.some((ejection) => ejection.id === id),
  );
}

function drawLane(
  instance: InstanceScenario,
  { scenario, shown }: Column,
  frame: Frame,
  top: number,
): string {
  const { id, faults = [], startsAtMs = 0, stopsAtMs } = instance;
  const { durationMs } = scenario;
  const until = Math.min(stopsAtMs ?? durationMs, durationMs) / 1_000;
  const kinds = [...new Set(faults.map(({ kind }) => kind))].join(', ');
  const y = top + 12;
  return [
    element('line', { class: 'known', x1: frame.x(startsAtMs / 1_000), x2: frame.x(until), y1: y, y2: y }),
    label(kinds === '' ? id : `${id}: ${kinds}`, -8, top + 16, { 'text-anchor': 'end' }),
    ...faults.flatMap((fault) =>
      faultSpans(fault, until * 1_000).map((span) =>
        box('fault', span, frame, top + 2, 4, `${id} is ${fault.kind} ${describe(span)}`),
      ),
    ),
    ...ejectedSpans(shown.result, durationMs)
      .filter((span) => span.id === id)
      .map((span) => {
        const reason = span.reason.replaceAll('_', ' ');
        return box(
          'ejected',
          span,
          frame,
          top + 7,
          10,
          `${id} is ejected ${describe(span)}: ${reason}`,
          reason,
        );
      }),
    ...probeTimes(shown.result, id, durationMs).map((at) =>
      element('line', { class: 'probe', x1: frame.x(at), x2: frame.x(at), y1: top + 6, y2: top + 20 }),
    ),
  ].join('');
}

function box(
  className: string,
  { fromS, untilS }: Span,
  { x }: Frame,
  top: number,
  height: number,
  told: string,
  inside?: string,
): string {
  // At least two pixels: a short one must be seen, too.
  const width = Math.max(2, x(untilS) - x(fromS));
  const fits = inside !== undefined && textWidth(inside) < width;
  return (
    element('rect', { class: className, x: x(fromS), y: top, width, height }, tooltip(told)) +
    (fits ? label(inside, x(fromS) + 4, top + 8.5, { class: 'inside' }) : '')
  );
}

function describe({ fromS, untilS }: Span): string {
  return `from ${fromS.toFixed(2)} s to ${untilS.toFixed(2)} s`;
}
