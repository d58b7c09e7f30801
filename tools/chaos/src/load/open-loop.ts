import type { Clock } from '@bff/core';
import type { Outcome } from '../clients/attempt.ts';

export interface Sample {
  /** `web read`, `mobile buy`. */
  readonly operation: string;
  readonly startedAt: number;
  readonly latencyMs: number;
  readonly outcome: Outcome;
  /** Of a purchase. */
  readonly key?: string;
}

export interface Source {
  readonly operation: string;
  readonly ratePerSecond: number;
  send(): { readonly key?: string; readonly outcome: Promise<Outcome> };
}

export interface Load {
  /** Stops sending and waits for what is under way. */
  stop(): Promise<void>;
}

/** How often the schedule is looked at, in milliseconds; several requests may be due at once. */
const tickMs = 2;

/**
 * Sends at a constant rate whatever becomes of the answers (open loop): a system that stands still meets the same load
 * as one that answers, as it would outside. Every request is recorded, at the time at which it was due.
 */
export function startLoad(sources: readonly Source[], clock: Clock, record: (sample: Sample) => void): Load {
  const startedAt = clock.now();
  const underWay = new Set<Promise<void>>();
  let stopped = false;
  const sent = new Map<Source, number>();

  const send = (source: Source, dueAt: number) => {
    const { key, outcome } = source.send();
    const done = outcome.then((settled) => {
      record({
        operation: source.operation,
        startedAt: dueAt,
        latencyMs: clock.now() - dueAt,
        outcome: settled,
        ...(key !== undefined && { key }),
      });
      underWay.delete(done);
    });
    underWay.add(done);
  };
  const tick = () => {
    if (stopped) return;
    const elapsedMs = clock.now() - startedAt;
    for (const source of sources) {
      const due = Math.floor((elapsedMs * source.ratePerSecond) / 1_000);
      for (let number = sent.get(source) ?? 0; number < due; number++) {
        send(source, startedAt + ((number + 1) * 1_000) / source.ratePerSecond);
      }
      sent.set(source, due);
    }
    clock.after(tickMs, tick);
  };
  tick();
  return {
    async stop() {
      stopped = true;
      await Promise.all(underWay);
    },
  };
}
