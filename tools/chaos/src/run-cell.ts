import type { Clock } from '@bff/core';
import type { Fault } from './faults/fault.ts';
import { startLoad, type Sample, type Source } from './load/open-loop.ts';
import type { RunningStack } from './stack/running-stack.ts';

/** One fault at one tier, again and again under load. */
export interface CellResult {
  readonly app: string;
  readonly fault: string;
  readonly repeats: number;
  readonly samples: readonly Sample[];
  /** When each repeat's fault was there. */
  readonly windows: readonly { readonly from: number; readonly until: number }[];
}

export interface RunCellOptions {
  app: string;
  fault: Fault;
  repeats: number;
  stack: RunningStack;
  sources: readonly Source[];
  clock: Clock;
}

/** Load before the first fault, so that the figures without a fault are of warm processes. */
const warmUpMs = 1_500;
/** Between two faults, from when all processes are ready again. */
const settleMs = 700;

export async function runCell(options: RunCellOptions): Promise<CellResult> {
  const { app, fault, repeats, stack, sources, clock } = options;
  const samples: Sample[] = [];
  const windows: { from: number; until: number }[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const load = startLoad(sources, clock, (sample) => samples.push(sample));
  try {
    await wait(warmUpMs);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const replicas = stack.processes(app);
      const target = replicas[repeat % replicas.length];
      if (!target) throw new Error(`No process of ${app} in this level.`);
      const from = clock.now();
      const heal = await fault.inject(target, stack);
      try {
        await wait(fault.lastsMs);
      } finally {
        await heal();
      }
      await stack.untilReady();
      windows.push({ from, until: clock.now() });
      await wait(settleMs);
    }
  } finally {
    await load.stop();
  }
  return { app, fault: fault.name, repeats, samples, windows };
}
