import type { Clock } from '@bff/core';
import { startLoad, type Sample, type Source } from '../load/open-loop.ts';
import type { RunningStack } from '../stack/running-stack.ts';
import { readCpu } from './read-cpu.ts';

export interface Cost {
  readonly operation: string;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds of processor time per request, by app. */
  readonly byApp: ReadonlyMap<string, number>;
}

export interface MeasureOptions {
  stack: RunningStack;
  source: Source;
  /** Until compiled code and caches are as they stay, in milliseconds. */
  warmUpMs: number;
  measureMs: number;
  clock: Clock;
}

/**
 * What one operation costs each tier. Processor time, not latency: it says how many requests a core carries and hardly
 * depends on what else the machine does. What idle processes use meanwhile (health checks) is taken off.
 */
export async function measureCapacity(options: MeasureOptions): Promise<Cost> {
  const { stack, source, clock, measureMs } = options;
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const idleBefore = readCpu(stack.state().processes);
  await wait(measureMs / 2);
  const idle = difference(idleBefore, readCpu(stack.state().processes), 2);

  const samples: Sample[] = [];
  const load = startLoad([source], clock, (sample) => samples.push(sample));
  await wait(options.warmUpMs);
  const from = samples.length;
  const before = readCpu(stack.state().processes);
  await wait(measureMs);
  const used = difference(before, readCpu(stack.state().processes), 1);
  const counted = samples.slice(from);
  await load.stop();
  const byApp = new Map(
    [...used].map(([app, ms]) => [app, Math.max(0, ms - (idle.get(app) ?? 0)) / Math.max(1, counted.length)]),
  );
  const failed = counted.filter(({ outcome }) => !outcome.ok).length;
  return { operation: source.operation, requests: counted.length, failed, byApp };
}

function difference(
  before: Map<string, number>,
  after: Map<string, number>,
  factor: number,
): Map<string, number> {
  return new Map([...after].map(([app, ms]) => [app, (ms - (before.get(app) ?? 0)) * factor]));
}
