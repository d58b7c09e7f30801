import { mkdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import type { Clock } from '@bff/core';
import { CommandError } from './command/command-error.ts';
import type { Surroundings, Terminal } from './command/command.ts';
import { checkEntryPorts } from './prepare/check-entry-ports.ts';
import { claimFolder } from './prepare/claim-folder.ts';
import { lockStack } from './prepare/launcher-lock.ts';
import type { StackPaths } from './prepare/stack-paths.ts';
import { removeState, writeState } from './prepare/stack-state.ts';
import { writeSecrets } from './prepare/write-secrets.ts';
import { describeEvent } from './screen/describe-event.ts';
import { showProgress } from './screen/progress.ts';
import { addressTable } from './screen/address-table.ts';
import { awaitStopSignal, type StopSignal } from './supervise/stop-signal.ts';
import { Stack } from './supervise/stack.ts';
import { createStackChanges } from './control/change-stack.ts';
import { startControlServer } from './control/control-server.ts';
import { writeEndpointFiles } from './topology/endpoint-files.ts';
import { findFreePorts } from './topology/ports.ts';
import { processEnvironment } from './topology/process-environment.ts';
import {
  planProcess,
  planProcesses,
  portsNeeded,
  portsPerProcess,
  type ProcessPlan,
} from './topology/process-plan.ts';
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
const stopLimitMs = 1_300;

/** `npm start`: runs a level until it is told to stop. Throws a `CommandError` when the stack cannot start. */
export async function startStack(options: StartOptions, surroundings: StartSurroundings): Promise<number> {
  const { paths, terminal } = surroundings;
  const unlock = explainingFileErrors(paths.folder, () => {
    claimFolder(paths);
    return lockStack(paths.lockFile, process.pid);
  });
  const stopSignal = awaitStopSignal();
  try {
    const plans = await plan(options, surroundings);
    explainingFileErrors(paths.folder, () => prepareFolder(options, paths));
    writeEndpointFiles(paths, plans);
    const stack = createStack(plans, options, surroundings);
    const endControl = await openControl(stack, options, surroundings);
    void stopSignal.second.then(() => stack.kill());
    try {
      await serve(stack, options, surroundings, stopSignal);
    } finally {
      endControl();
      await stack.stop(stopLimitMs);
    }
    terminal.line('All processes have stopped.');
    return 0;
  } finally {
    removeState(paths.stateFile);
    unlock();
    stopSignal.release();
  }
}

/** Gives every process its addresses. Throws a `CommandError` when an entry's port is taken. */
async function plan(
  { topology, host, portBase }: StartOptions,
  { paths, random }: StartSurroundings,
): Promise<ProcessPlan[]> {
  const freePorts = await findFreePorts(portsNeeded(topology), { host, random });
  const plans = planProcesses(topology, { host, portBase, paths, freePorts });
  await checkEntryPorts(plans, host);
  return plans;
}

/** Everything that the processes find when they start. */
function prepareFolder({ topology, keepData }: StartOptions, paths: StackPaths): void {
  if (!keepData) rmSync(paths.data, { recursive: true, force: true });
  rmSync(paths.logs, { recursive: true, force: true });
  rmSync(paths.endpoints, { recursive: true, force: true });
  mkdirSync(paths.data, { recursive: true });
  mkdirSync(paths.logs, { recursive: true });
  writeSecrets(topology, paths);
}

function explainingFileErrors<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new CommandError(
      `Cannot write to ${folder} (${code}); make it writable or choose another folder with STACK_DIR.`,
      { cause },
    );
  }
}

/** Lets `npm run scale` and `npm run restart` change the stack while it runs. */
function openControl(
  stack: Stack,
  { host, portBase }: StartOptions,
  { paths, clock, random }: StartSurroundings,
): Promise<() => void> {
  const changes = createStackChanges({
    stack,
    clock,
    publish: (plans) => writeEndpointFiles(paths, plans),
    planNext: async (tier, index) => {
      const freePorts = await findFreePorts(portsPerProcess, { host, random });
      return planProcess(tier, index, { host, portBase, paths, freePorts });
    },
  });
  return startControlServer(paths.controlSocket, changes);
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
  await Promise.race([showSamples(stack, terminal, environment), stopSignal.first]);
  await stopSignal.first;
}

async function showSamples(
  stack: Stack,
  terminal: Terminal,
  environment: Surroundings['environment'],
): Promise<void> {
  try {
    // Loaded only now: signing in is none of what the processes wait for.
    const { createSamples } = await import('./screen/samples.ts');
    for (const sample of await createSamples(stack.state(), environment)) terminal.line(`  ${sample}`);
  } catch (error) {
    // The stack runs without them.
    if (!(error instanceof CommandError)) throw error;
    terminal.line(`  ${error.message}`);
  }
}
