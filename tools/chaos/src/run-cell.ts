import type { Clock } from '@bff/core';
import type { Client } from './clients/client.ts';
import { startLoad, type Sample, type Source } from './load/open-loop.ts';
import { everything, type Cell } from './plan-cells.ts';
import type { ProcessState, RunningStack } from './stack/running-stack.ts';
import { followOrders, type FollowResult } from './streams/follow-orders.ts';

/** One fault at one tier, again and again under load. */
export interface CellResult extends Cell {
  readonly samples: readonly Sample[];
  /** When each repeat's fault was there. */
  readonly windows: readonly { readonly from: number; readonly until: number }[];
  readonly followed: FollowResult;
}

export interface RunCellOptions {
  cell: Cell;
  stack: RunningStack;
  clients: readonly Client[];
  sources: readonly Source[];
  clock: Clock;
  random: () => number;
}

/** Load before the first fault: streams are open, and there are figures without a fault. */
const warmUpMs = 800;
/** From one fault to the next, at least. */
const periodMs = 2_500;
/** From when the stack is whole again to the next fault, at least. */
const settleMs = 1_000;

export async function runCell({
  cell,
  stack,
  clients,
  sources,
  clock,
  random,
}: RunCellOptions): Promise<CellResult> {
  const samples: Sample[] = [];
  const windows: { from: number; until: number }[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const following = followOrders({ kinds: clients.map(({ streams }) => streams), clock, random });
  const load = startLoad(sources, clock, (sample) => {
    samples.push(sample);
    const { value } = sample.outcome;
    if (sample.key !== undefined && typeof value === 'string') following.offer(value);
  });
  try {
    await wait(warmUpMs);
    for (let repeat = 0; repeat < cell.repeats; repeat++) {
      const from = clock.now();
      const heal = await cell.fault.inject(chooseTarget(cell, repeat, stack), stack);
      try {
        await wait(cell.fault.lastsMs);
      } finally {
        await heal();
      }
      await stack.untilWhole();
      windows.push({ from, until: clock.now() });
      await wait(Math.max(settleMs, from + periodMs - clock.now()));
    }
  } finally {
    await load.stop();
  }
  return { ...cell, samples, windows, followed: await following.stop() };
}

/** The processes of a tier in turn. */
function chooseTarget({ app }: Cell, repeat: number, stack: RunningStack): ProcessState {
  const { processes } = stack.state();
  const replicas = app === everything ? processes : processes.filter((candidate) => candidate.app === app);
  const target = replicas[repeat % replicas.length];
  if (!target) throw new Error(`No process of ${app} in this level.`);
  return target;
}
