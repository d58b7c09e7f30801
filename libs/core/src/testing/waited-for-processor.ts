import { readFileSync } from 'node:fs';

/**
 * For how long a process's first thread could have run and did not, because others had the processors, in milliseconds since its start:
 * Linux's own account (the second figure of `/proc/PID/schedstat`). 0 where there is none.
 */
export function waitedForProcessorMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
