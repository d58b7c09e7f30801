import type { Column } from '../run/run-plan.ts';
import { createEventPanel } from './event-panel.ts';
import { createLatencyPanel } from './latency-panel.ts';
import { axisHeight, captionHeight, drawPanel, margin } from './panel.ts';
import { createRatePanel } from './rate-panel.ts';
import { sharePanel } from './share-panel.ts';
import { element, label, tooltip } from './svg.ts';
import { styleSheet } from './theme.ts';

/**
 * One SVG file that needs nothing else: a column of panels per plan, above one another on one time axis, with the same
 * scales in all columns, right on light and on dark pages.
 */
export function renderPlot(title: string, columns: readonly Column[]): string {
  const panels = [
    createRatePanel(columns),
    sharePanel,
    createLatencyPanel(columns),
    createEventPanel(columns),
  ];
  const columnWidth = columnWidthFor(columns.length);
  const heading = wrap(title, columnWidth * columns.length - 48);
  const headingEnd = 8 + heading.length * 22;
  const headHeight = headingEnd + (columns.length === 1 ? 32 : 58);
  const width = columnWidth * columns.length;
  const tops: number[] = [];
  let top = headHeight;
  for (const panel of panels) {
    tops.push(top);
    top += captionHeight + panel.height + axisHeight + 8;
  }
  const height = top + 6;
  const body = columns.map((column, i) => {
    const left = i * columnWidth;
    return [
      ...(columns.length > 1
        ? [label(column.name, left + margin.left, headHeight - 12, { class: 'variant' })]
        : []),
      ...panels.map((panel, p) => drawPanel(panel, column, { left, top: tops[p] ?? 0, width: columnWidth })),
    ].join('\n');
  });
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    [
      tooltip(title),
      element('style', {}, styleSheet),
      element('rect', { class: 'page', x: 0, y: 0, width, height }),
      ...heading.map((line, i) => label(line, 24, 30 + i * 22, { class: 'heading' })),
      label(subtitle(columns), 24, headingEnd + 20),
      ...body,
    ].map((part) => `\n${part}`),
  )}\n`;
}

function subtitle([column]: readonly Column[]): string {
  if (column === undefined) return '';
  const { scenario, runs, shown } = column;
  const drawn = runs > 1 ? `, seed ${shown.seed}: the worst of ${runs} runs` : `, seed ${shown.seed}`;
  return `${scenario.durationMs / 1_000} s at ${scenario.ratePerSecond} calls/s${drawn}. Shaded: a fault is on, or more comes than usual.`;
}

function columnWidthFor(columns: number): number {
  if (columns === 1) return 980;
  return columns === 2 ? 680 : 560;
}

/** Lines of a heading that fit into `width` pixels at 17 px bold. */
function wrap(text: string, width: number): string[] {
  const most = Math.floor(width / 10);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
