import { systemClock } from '@bff/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Stack } from '../supervise/stack.ts';
import { createFakePlan } from '../testing/fake-plan.ts';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import type { ProcessPlan } from '../topology/process-plan.ts';
import { createStackChanges } from './change-stack.ts';

describe('changes of a running stack', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  let stack: Stack;
  let published: string[][];
  const names = () => stack.state().processes.map(({ name }) => name);
  const replica = (index: number, entries: ProcessPlan['tier']['entries'] = []): ProcessPlan => {
    const plan = createFakePlan(paths, `bff-${index + 1}`);
    return { ...plan, tier: { ...plan.tier, app: 'bff', replicas: 2, entries } };
  };

  beforeEach(async () => {
    paths = createTemporaryPaths();
    published = [];
    const alone = createFakePlan(paths, 'alone');
    stack = new Stack({
      level: 4,
      plans: [replica(0), replica(1), alone],
      environmentOf: ({ name }) => ({ PATH: process.env['PATH'], INSTANCE: name }),
      clock: systemClock,
      restartDelayMs: 200,
      onState: () => undefined,
      onEvent: () => undefined,
    });
    stack.start();
    await stack.whenReady();
  });
  afterEach(async () => {
    await stack.stop(5_000);
    paths.remove();
  });

  const open = () =>
    createStackChanges({
      stack,
      clock: systemClock,
      planNext: async (_tier, index) => replica(index),
      publish: (plans) => published.push(plans.map(({ name }) => name)),
    });

  it('adds processes and says so when they are ready, and takes the newest away after it has left the list', async () => {
    const changes = open();
    const lines: string[] = [];
    await changes.scale('bff', 3, (line) => lines.push(line));
    expect(names()).toEqual(['bff-1', 'bff-2', 'bff-3', 'alone']);
    expect(published).toEqual([['bff-1', 'bff-2', 'bff-3', 'alone']]);
    await changes.scale('bff', 2, (line) => lines.push(line));
    expect(names()).toEqual(['bff-1', 'bff-2', 'alone']);
    expect(published.at(-1)).toEqual(['bff-1', 'bff-2', 'alone']);
    expect(lines).toEqual([
      'bff-3 starts.',
      'bff-3 is ready: http://127.0.0.1:1',
      'bff runs 3 times.',
      'bff-3 leaves.',
      'bff-3 has ended.',
      'bff runs 2 times.',
    ]);
  });

  it('restarts one after the other, never two at a time', async () => {
    const before = stack.state().processes.map(({ pid }) => pid);
    const lines: string[] = [];
    const changes = open();
    await Promise.all([
      changes.restart('bff', (line) => lines.push(line)),
      changes.restart(undefined, () => undefined),
    ]);
    expect(lines).toEqual([
      'bff-1 ends and starts again.',
      'bff-1 is ready.',
      'bff-2 ends and starts again.',
      'bff-2 is ready.',
    ]);
    const after = stack.state().processes.map(({ pid }) => pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(stack.state().ready).toBe(true);
  });

  it('refuses what cannot be, and says why', async () => {
    const changes = open();
    const report = () => undefined;
    await expect(changes.scale('nobody', 2, report)).rejects.toThrow(
      'This level has no nobody; it has bff, alone.',
    );
    await expect(changes.scale('bff', 0, report)).rejects.toThrow('Give a number of processes from 1 to 20.');
    await expect(changes.scale('alone', 2, report)).rejects.toThrow(
      'alone has a fixed address at this level and nothing in front of it; its replicas begin at level 3.',
    );
  });
});
