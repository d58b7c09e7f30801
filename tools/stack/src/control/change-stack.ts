import type { Clock } from '@bff/core';
import { CommandError } from '../command/command-error.ts';
import type { Stack } from '../supervise/stack.ts';
import type { ProcessPlan } from '../topology/process-plan.ts';
import type { Tier } from '../topology/topology.ts';
import { untilInUse } from './until-in-use.ts';

export interface ChangeOptions {
  readonly stack: Stack;
  readonly clock: Clock;
  /** Addresses for one more process. */
  readonly planNext: (tier: Tier, index: number) => Promise<ProcessPlan>;
  /** Tells those in front who is there. */
  readonly publish: (plans: readonly ProcessPlan[]) => void;
}

/** Tells how far a change has come, for whoever asked for it. */
export type Report = (line: string) => void;

export interface StackChanges {
  /** Adds or removes processes of `app`, one after the other, until there are so many. Throws a `CommandError`. */
  scale(app: string, replicas: number, report: Report): Promise<void>;
  /** Ends and starts the processes of `app`, or of every app, one after the other. Throws a `CommandError`. */
  restart(app: string | undefined, report: Report): Promise<void>;
}

/** From SIGTERM to SIGKILL: the drain delay, what is in flight, and some slack. */
const stopLimitMs = 8_000;
const maxReplicas = 20;
/** Time in which those in front read the list anew, before one that has left it is ended. */
const listReadMs = 1_400;

/** Changes a running stack without losing a request: one process at a time, the next one when the last is in use. */
export function createStackChanges(options: ChangeOptions): StackChanges {
  const { stack } = options;
  let last: Promise<unknown> = Promise.resolve();
  // One change after the other: two that overlap could end the last instance of an app.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const plansOf = (app: string) => {
    const [first, ...others] = stack.plans().filter(({ tier }) => tier.app === app);
    if (first) return [first, ...others] as const;
    const known = [...new Set(stack.plans().map(({ tier }) => tier.app))].join(', ');
    throw new CommandError(`This level has no ${app}; it has ${known}.`, { exitStatus: 2 });
  };
  const tierOf = (app: string) => plansOf(app)[0].tier;
  return {
    scale: (app, replicas, report) =>
      inTurn(async () => {
        checkScale(tierOf(app), replicas);
        for (let count = plansOf(app).length; count < replicas; count++)
          await addOne(tierOf(app), options, report);
        for (let count = plansOf(app).length; count > replicas; count--)
          await removeOne(plansOf(app).at(-1) ?? plansOf(app)[0], options, report);
        report(`${app} runs ${replicas} times.`);
      }),
    restart: (app, report) =>
      inTurn(async () => {
        for (const plan of app === undefined ? stack.plans() : plansOf(app)) {
          report(`${plan.name} ends and starts again.`);
          await stack.restart(plan, stopLimitMs);
          await untilInUse(plan, stack.plans(), options.clock);
          report(`${plan.name} is ready.`);
        }
      }),
  };
}

function checkScale(tier: Tier, replicas: number): void {
  if (replicas < 1 || replicas > maxReplicas) {
    throw new CommandError(`Give a number of processes from 1 to ${maxReplicas}.`, { exitStatus: 2 });
  }
  const canScale = tier.role === 'edge' || (tier.role !== 'identity' && tier.entries.length === 0);
  if (!canScale) {
    throw new CommandError(
      `${tier.app} has a fixed address at this level and nothing in front of it; its replicas begin at level 3.`,
    );
  }
}

async function addOne(tier: Tier, options: ChangeOptions, report: Report): Promise<void> {
  const { stack, planNext, publish } = options;
  const names = new Set(stack.plans().map(({ name }) => name));
  let index = stack.plans().filter((plan) => plan.tier.app === tier.app).length;
  while (names.has(`${tier.app}-${index + 1}`)) index++;
  const plan = await planNext(tier, index);
  report(`${plan.name} starts.`);
  await stack.add(plan);
  publish(stack.plans());
  await untilInUse(plan, stack.plans(), options.clock);
  report(`${plan.name} is ready: ${plan.url}`);
}

async function removeOne(plan: ProcessPlan, options: ChangeOptions, report: Report): Promise<void> {
  const { stack, publish, clock } = options;
  report(`${plan.name} leaves.`);
  publish(stack.plans().filter((other) => other !== plan));
  await new Promise<void>((resolve) => void clock.after(listReadMs, resolve));
  await stack.remove(plan, stopLimitMs);
  report(`${plan.name} has ended.`);
}
