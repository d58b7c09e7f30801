import type { Fault } from './scenario.ts';

/** Whether the fault is on at `now`. */
export function isActive(fault: Fault, now: number): boolean {
  const { fromMs = 0, untilMs = Infinity, periodMs } = fault;
  if (now < fromMs || now >= untilMs) return false;
  return periodMs === undefined || (now - fromMs) % periodMs < periodMs / 2;
}

/** The next moment after `now` at which the fault begins or ends; Infinity when there is none. */
export function nextChangeAfter(fault: Fault, now: number): number {
  const { fromMs = 0, untilMs = Infinity, periodMs } = fault;
  if (now < fromMs) return fromMs;
  if (now >= untilMs) return Infinity;
  if (periodMs === undefined) return untilMs;
  const half = periodMs / 2;
  const change = fromMs + (Math.floor((now - fromMs) / half) + 1) * half;
  return Math.min(change, untilMs);
}
