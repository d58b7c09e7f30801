import { scaleLinear, type ScaleContinuousNumeric, type ScaleLinear } from 'd3-scale';
import type { Column } from '../run/run-plan.ts';
import { troubleSpans } from './spans.ts';
import { element, label, textWidth } from './svg.ts';

export type YScale = ScaleContinuousNumeric<number, number>;

/** Where a panel draws: `x` takes seconds, the origin is its upper left corner. */
export interface Frame {
  readonly x: ScaleLinear<number, number>;
  readonly width: number;
  readonly height: number;
}

export interface LegendEntry {
  readonly text: string;
  readonly className: string;
  readonly mark: 'line' | 'box';
}

/** One kind of drawing, drawn once per column below one another. */
export interface Panel {
  readonly title: string;
  readonly height: number;
  legend(column: Column): readonly LegendEntry[];
  draw(column: Column, frame: Frame): string;
}

export const margin = { left: 104, right: 18 };
/** Above a panel: its title and its legend. */
export const captionHeight = 44;
/** Below it: numbers of the time axis. */
export const axisHeight = 30;

/** A panel with title, legend and time axis, at its place in the picture. */
export function drawPanel(
  panel: Panel,
  column: Column,
  at: { left: number; top: number; width: number },
): string {
  const { height } = panel;
  const width = at.width - margin.left - margin.right;
  const durationS = column.scenario.durationMs / 1_000;
  const x = scaleLinear([0, durationS], [0, width]);
  const base = `translate(${at.left + margin.left},${at.top + captionHeight})`;
  return element('g', { transform: base, 'data-panel': panel.title }, [
    label(panel.title, 0, -28, { class: 'panel-title' }),
    drawLegend(panel.legend(column)),
    ...troubleSpans(column.scenario).map(({ fromS, untilS }) =>
      element('rect', { class: 'band', x: x(fromS), y: 0, width: x(untilS) - x(fromS), height }),
    ),
    panel.draw(column, { x, width, height }),
    drawTimeAxis(x, width, height),
  ]);
}

/** Horizontal lines with their numbers, and what they count. */
export function drawYAxis(
  y: YScale,
  ticks: readonly number[],
  { width, height }: Frame,
  title: string,
): string {
  return [
    ...ticks.map((tick) => element('line', { class: 'grid', x1: 0, x2: width, y1: y(tick), y2: y(tick) })),
    ...ticks.map((tick) => label(formatTick(tick), -8, y(tick) + 4, { 'text-anchor': 'end' })),
    label(title, 0, 0, { transform: `translate(-58,${height / 2}) rotate(-90)`, 'text-anchor': 'middle' }),
  ].join('');
}

function formatTick(tick: number): string {
  return tick.toLocaleString('en').replaceAll(',', '\u202f');
}

function drawTimeAxis(x: ScaleLinear<number, number>, width: number, height: number): string {
  return [
    element('line', { class: 'axis', x1: 0, x2: width, y1: height, y2: height }),
    ...x
      .ticks(Math.max(3, Math.min(13, Math.floor(width / 60))))
      .map((tick) =>
        [
          element('line', { class: 'axis', x1: x(tick), x2: x(tick), y1: height, y2: height + 4 }),
          label(String(tick), x(tick), height + 17, { 'text-anchor': 'middle' }),
        ].join(''),
      ),
    label('time, s', width, height + 29, { 'text-anchor': 'end' }),
  ].join('');
}

function drawLegend(entries: readonly LegendEntry[]): string {
  let x = 0;
  return entries
    .map(({ text, className, mark }) => {
      const left = x;
      x += 18 + textWidth(text) + 14;
      const symbol =
        mark === 'line'
          ? element('line', { class: `line ${className}`, x1: left, x2: left + 14, y1: -12, y2: -12 })
          : element('rect', { class: className, x: left, y: -17, width: 12, height: 10 });
      return symbol + label(text, left + 18, -8);
    })
    .join('');
}
