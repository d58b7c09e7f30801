import { mkdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import type { Clock } from '@bff/core';
import { CommandError } from './command/command-error.ts';
import type { Surroundings } from './command/command.ts';
import { checkEntryPorts } from './prepare/check-entry-ports.ts';
import { lockStack } from './prepare/launcher-lock.ts';
import { removeState, writeState } from './prepare/stack-state.ts';
import { writeSecrets } from './prepare/write-secrets.ts';
import { describeEvent } from './screen/describe-event.ts';
import { showProgress } from './screen/progress.ts';
import { createSamples } from './screen/samples.ts';
import { addressTable } from './screen/address-table.ts';
import { awaitStopSignal, type StopSignal } from './supervise/stop-signal.ts';
import { Stack } from './supervise/stack.ts';
import { findFreePorts } from './topology/ports.ts';
import { processEnvironment } from './topology/process-environment.ts';
import { planProcesses, portsNeeded, type ProcessPlan } from './topology/process-plan.ts';
import type { Topology } from './topology/topology.ts';

export interface StartOptions {
  topology: Topology;
  /** Address that the processes bind to. */
  host: string;
  portBase: number;
  keepData: boolean;
  restartDelayMs: number;
}

export interface StartSurroundings extends Surroundings {
  clock: Clock;
  random: () => number;
}

/** From SIGTERM to SIGKILL; what is left of the two seconds is for the launcher itself. */
const stopLimitMs = 1_500;

/** `npm start`: runs a level until it is told to stop. Throws a `CommandError` when the stack cannot start. */
export async function startStack(options: StartOptions, surroundings: StartSurroundings): Promise<number> {
  const { paths, terminal } = surroundings;
  const stopSignal = awaitStopSignal();
  const unlock = lockStack(paths.lockFile, process.pid);
  try {
    const plans = await prepare(options, surroundings);
    const stack = createStack(plans, options, surroundings);
    try {
      await serve(stack, options, surroundings, stopSignal);
    } finally {
      await Promise.race([stack.stop(stopLimitMs), stopSignal.second]);
    }
    terminal.line('All processes have stopped.');
    return 0;
  } finally {
    removeState(paths.stateFile);
    unlock();
    stopSignal.release();
  }
}

/** Everything that can be wrong before a process starts, and everything that the processes find when they do. */
async function prepare(
  { topology, host, portBase, keepData }: StartOptions,
  { paths, random }: StartSurroundings,
): Promise<ProcessPlan[]> {
  const freePorts = await findFreePorts(portsNeeded(topology), { host, random });
  const plans = planProcesses(topology, { host, portBase, paths, freePorts });
  await checkEntryPorts(plans, host);
  if (!keepData) rmSync(paths.data, { recursive: true, force: true });
  rmSync(paths.logs, { recursive: true, force: true });
  mkdirSync(paths.data, { recursive: true });
  mkdirSync(paths.logs, { recursive: true });
  const { generateInternalKey } = await import('@bff/auth');
  await writeSecrets(topology, paths, generateInternalKey);
  return plans;
}

function createStack(
  plans: readonly ProcessPlan[],
  { topology, host, restartDelayMs }: StartOptions,
  { paths, environment, terminal, clock }: StartSurroundings,
): Stack {
  return new Stack({
    level: topology.level,
    plans,
    environmentOf: (plan) => processEnvironment(plan, plans, { host, paths, inherited: environment }),
    clock,
    restartDelayMs,
    onState: (state) => writeState(paths.stateFile, state),
    onEvent: (name, event) => {
      const line = describeEvent(name, event);
      if (line !== undefined) terminal.line(line);
    },
  });
}

/** Resolves when a signal asks to stop; throws a `CommandError` when a process cannot start. */
async function serve(
  stack: Stack,
  { topology }: StartOptions,
  { terminal, clock, environment, paths }: StartSurroundings,
  stopSignal: StopSignal,
): Promise<void> {
  const endProgress = showProgress(() => stack.state(), { terminal, clock });
  stack.start();
  try {
    const first = await Promise.race([stack.whenReady(), stopSignal.first]);
    if (first !== undefined) return;
  } catch (cause) {
    throw new CommandError((cause as Error).message, { cause });
  } finally {
    endProgress();
  }
  // Counted from the start of this process, which is when the user pressed Enter (npm's own start apart).
  const seconds = (performance.now() / 1_000).toFixed(1);
  terminal.line(`Level ${topology.level}, ${topology.summary}:`);
  for (const row of addressTable(stack.state())) terminal.line(`  ${row}`);
  terminal.line(
    `Ready in ${seconds} s. Ctrl-C stops everything; logs are in ${relative(paths.root, paths.logs)}. Try:`,
  );
  for (const sample of await createSamples(stack.state(), environment)) terminal.line(`  ${sample}`);
  await stopSignal.first;
}
