import { readFileSync } from 'node:fs';
import type { ProcessState } from '../stack/running-stack.ts';

/** Ticks per second of the times in /proc; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time used so far, user and system, in milliseconds, by app; its processes together. */
export function readCpu(processes: readonly ProcessState[]): Map<string, number> {
  const byApp = new Map<string, number>();
  for (const { app, pid } of processes) {
    if (pid === null) continue;
    // The name of a process stands in brackets and may hold anything, so count from its end.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    byApp.set(app, (byApp.get(app) ?? 0) + (ticks / ticksPerSecond) * 1_000);
  }
  return byApp;
}
