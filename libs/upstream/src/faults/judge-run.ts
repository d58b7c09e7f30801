import type { AttemptEvent } from '../account-outcome.ts';
import type { UpstreamEvent } from '../upstream-event.ts';
import type { CallResult } from './offer-calls.ts';
import type { Timed } from './run-fault.ts';

export interface Figures {
  readonly offered: number;
  /** Reads and keyed writes that failed, with their codes. */
  readonly failed: readonly string[];
  /** Writes that took effect twice. */
  readonly doubled: number;
  /** Writes that were answered with success and took no effect. */
  readonly lost: number;
  /** Writes without a key that arrived more than once. */
  readonly sentTwice: number;
  /** Writes without a key that failed, which nobody could help. */
  readonly unkeyedFailed: number;
  /** Attempts at the victim from the beginning of the fault until its ejection, or until the fault ended. */
  readonly attemptsUntilEjected: number;
  /** Those of them that failed: the others were answered before the fault took effect, or although it had. */
  readonly failuresUntilEjected: number;
  /** Those of these that began when the first had ended already: the others were out before anybody could know. */
  readonly avoidableFailures: number;
  /** Milliseconds from the beginning of the fault to the last attempt before the ejection. */
  readonly trafficStoppedMs: number;
  /** Until it was ejected; undefined when it was not. */
  readonly ejectedMs: number | undefined;
  readonly ejection: string;
  readonly p99Ms: number;
  readonly slowestMs: number;
  readonly retries: number;
  /** Leases out at the end. */
  readonly pending: number;
  /** Longest time for which the callers' own process got no turn: a machine that is too busy to measure. */
  readonly stallMs: number;
}

export interface RunRecord {
  readonly results: readonly CallResult[];
  readonly attempts: readonly Timed<AttemptEvent>[];
  readonly events: readonly Timed<UpstreamEvent>[];
  readonly log: readonly string[];
  readonly begunAt: number;
  readonly endedAt: number;
  readonly victimId: string;
  readonly pending: number;
  readonly stallMs: number;
}

/** Counts what the callers saw and what the instances noted. */
export function judgeRun(record: RunRecord): Figures {
  const { results, log, events, pending, stallMs } = record;
  const effects = countBy(log, 'effect');
  const arrivals = countBy(log, 'arrived');
  const writes = results.filter(({ kind }) => kind !== 'get');
  const unkeyed = results.filter(({ kind }) => kind === 'unkeyed');
  const durations = results.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return {
    offered: results.length,
    failed: results
      .filter(({ kind, code }) => kind !== 'unkeyed' && code !== 'ok')
      .map(({ kind, code }) => `${kind}: ${code}`),
    doubled: writes.filter(({ id }) => (effects.get(id) ?? 0) > 1).length,
    lost: writes.filter(({ id, code }) => code === 'ok' && !effects.has(id)).length,
    sentTwice: unkeyed.filter(({ id }) => (arrivals.get(id) ?? 0) > 1).length,
    unkeyedFailed: unkeyed.filter(({ code }) => code !== 'ok').length,
    ...judgeVictim(record),
    p99Ms: durations[Math.floor(durations.length * 0.99)] ?? 0,
    slowestMs: durations.at(-1) ?? 0,
    retries: events.filter(({ event }) => event.kind === 'retry').length,
    pending,
    stallMs,
  };
}

function judgeVictim({ attempts, events, begunAt, endedAt, victimId }: RunRecord) {
  const ejection = events.find(
    ({ at, event }) =>
      at >= begunAt && at < endedAt && event.kind === 'ejected' && event.endpoint.id === victimId,
  );
  const until = ejection?.at ?? endedAt;
  const started = attempts
    .map(({ at, event }) => ({ at: at - event.durationMs, event }))
    .filter(({ at, event }) => event.endpoint.id === victimId && at >= begunAt && at < until);
  const starts = started.map(({ at }) => at);
  const failed = started.filter(({ event }) => event.outcome.kind === 'failure');
  const knownAt = Math.min(...failed.map(({ at, event }) => at + event.durationMs));
  return {
    attemptsUntilEjected: starts.length,
    failuresUntilEjected: failed.length,
    avoidableFailures: failed.filter(({ at }) => at > knownAt).length,
    trafficStoppedMs: starts.length === 0 ? 0 : Math.max(...starts) - begunAt,
    ejectedMs: ejection && ejection.at - begunAt,
    ejection: ejection?.event.kind === 'ejected' ? ejection.event.reason : '–',
  };
}

/** How often each call is noted with this word. */
function countBy(log: readonly string[], word: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of log) {
    const [what, id = ''] = line.split(' ');
    if (what === word) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
