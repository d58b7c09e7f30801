import type { EjectionReason } from '@bff/load-balancing';
import type { Fault, Scenario, SimulationResult } from '@bff/load-balancing/simulator';

export interface Span {
  readonly fromS: number;
  readonly untilS: number;
}

export interface EjectedSpan extends Span {
  readonly id: string;
  readonly reason: EjectionReason;
}

/** When anything is wrong or more comes than usual, overlapping ones joined. */
export function troubleSpans({ instances, surges = [], durationMs }: Scenario): Span[] {
  const spans = [
    ...instances.flatMap(({ faults = [], stopsAtMs = durationMs }) =>
      faults.flatMap((fault) => faultSpans(fault, Math.min(stopsAtMs, durationMs))),
    ),
    ...surges.map(({ fromMs, untilMs }) => spanOf(fromMs, Math.min(untilMs, durationMs))),
  ].sort((a, b) => a.fromS - b.fromS);
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.fromS > last.untilS) joined.push(span);
    else joined[joined.length - 1] = { ...last, untilS: Math.max(last.untilS, span.untilS) };
  }
  return joined;
}

/** When a fault is on; with a period that is many times. */
export function faultSpans({ fromMs = 0, untilMs, periodMs }: Fault, durationMs: number): Span[] {
  const endMs = Math.min(untilMs ?? durationMs, durationMs);
  if (periodMs === undefined) return fromMs < endMs ? [spanOf(fromMs, endMs)] : [];
  const spans: Span[] = [];
  for (let at = fromMs; at < endMs; at += periodMs)
    spans.push(spanOf(at, Math.min(at + periodMs / 2, endMs)));
  return spans;
}

/** From each ejection until the instance came back, went, or was ejected again. */
export function ejectedSpans({ events }: SimulationResult, durationMs: number): EjectedSpan[] {
  return events.flatMap(({ atMs, event }, i) => {
    if (event.kind !== 'ejected' || atMs >= durationMs) return [];
    const end = events
      .slice(i + 1)
      .find(
        ({ event: later }) =>
          (later.kind === 'ejected' || later.kind === 'returned' || later.kind === 'removed') &&
          later.endpoint.id === event.endpoint.id,
      );
    const span = spanOf(atMs, Math.min(end?.atMs ?? durationMs, durationMs));
    return [{ ...span, id: event.endpoint.id, reason: event.reason }];
  });
}

/** When too few were available, so that all got traffic. */
export function panicSpans({ events }: SimulationResult, durationMs: number): Span[] {
  return events.flatMap(({ atMs, event }, i) => {
    if (event.kind !== 'panic' || !event.active || atMs >= durationMs) return [];
    const end = events.slice(i + 1).find(({ event: later }) => later.kind === 'panic' && !later.active);
    return [spanOf(atMs, Math.min(end?.atMs ?? durationMs, durationMs))];
  });
}

/** When probes were sent, in seconds. */
export function probeTimes({ events }: SimulationResult, id: string, durationMs: number): number[] {
  return events.flatMap(({ atMs, event }) =>
    event.kind === 'probe' && event.endpoint.id === id && atMs < durationMs ? [atMs / 1_000] : [],
  );
}

function spanOf(fromMs: number, untilMs: number): Span {
  return { fromS: fromMs / 1_000, untilS: untilMs / 1_000 };
}
