import type { Column, Figure } from '../run/run-plan.ts';
import { describeEjections } from './describe-ejections.ts';
import { formatFigure } from './format-figure.ts';

/** The figures, a column per plan, and below them who was ejected when and why. */
export function renderTable(columns: readonly Column[]): string {
  const labels = columns[0]?.figures.map(({ measure }) => measure.label) ?? [];
  const rows = [
    ['', ...columns.map(({ name }) => name)],
    ...labels.map((label, i) => [label, ...columns.map(({ figures, runs }) => cell(figures[i], runs))]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join('   ')
      .trimEnd(),
  );
  return [...lines, '', ...columns.flatMap((column) => describeEjections(column, columns.length > 1))].join(
    '\n',
  );
}

function cell(figure: Figure | undefined, runs: number): string {
  if (figure === undefined) return '';
  const { measure, median, worst } = figure;
  const text = formatFigure(median, measure.unit);
  return runs === 1 ? text : `${text} (${formatFigure(worst, measure.unit)})`;
}
