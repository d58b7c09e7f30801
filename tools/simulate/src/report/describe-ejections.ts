import type { Column } from '../run/run-plan.ts';

const most = 12;

/** A line per ejection: when, who, why, for how long. */
export function describeEjections({ name, runs, shown }: Column, named: boolean): string[] {
  const { ejections } = shown.result;
  const of = [...(named ? [name] : []), ...(runs > 1 ? [`seed ${shown.seed}, the worst run`] : [])].join(
    ', ',
  );
  const heading = of === '' ? 'Ejections' : `Ejections (${of})`;
  if (ejections.length === 0) return [`${heading}: none`];
  const idWidth = Math.max(...ejections.map(({ id }) => id.length));
  const lines = ejections
    .slice(0, most)
    .map(
      ({ atMs, id, reason, forMs }) =>
        `  ${seconds(atMs).padStart(8)}  ${id.padEnd(idWidth)}  ${reason.replaceAll('_', ' ').padEnd(20)}  for ${seconds(forMs)}`,
    );
  const left = ejections.length - lines.length;
  return [`${heading}:`, ...lines, ...(left > 0 ? [`  and ${left} more; the plot shows all`] : [])];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
