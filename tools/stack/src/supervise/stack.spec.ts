import { systemClock } from '@bff/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readState, writeState, type StackState } from '../prepare/stack-state.ts';
import { createFakePlan } from '../testing/fake-plan.ts';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { Stack } from './stack.ts';

describe('a stack', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  let stack: Stack;
  beforeEach(() => {
    paths = createTemporaryPaths();
  });
  afterEach(async () => {
    await stack.stop(5_000);
    paths.remove();
  });

  /** Two processes of the fake app; `behaviours` are what they do. */
  function create(
    behaviours: Record<string, string>,
    onState: (state: StackState) => void = () => undefined,
  ) {
    stack = new Stack({
      level: 2,
      plans: Object.keys(behaviours).map((name) => createFakePlan(paths, name)),
      environmentOf: ({ name }) => ({
        PATH: process.env['PATH'],
        INSTANCE: name,
        BEHAVIOUR: behaviours[name],
      }),
      clock: systemClock,
      restartDelayMs: 200,
      onState,
      onEvent: () => undefined,
    });
    return stack;
  }

  it('is ready when all its processes are, and the state file says so', async () => {
    create({ one: 'serve', two: 'serve' }, (state) => writeState(paths.stateFile, state));
    stack.start();
    expect(readState(paths.stateFile)).toMatchObject({ ready: false });
    await stack.whenReady();
    const state = readState(paths.stateFile)!;
    expect(state).toMatchObject({
      ...{ level: 2, ready: true, entries: { web: ['http://127.0.0.1:1', 'http://127.0.0.1:1'] } },
      processes: [
        { name: 'one', app: 'one', url: 'http://127.0.0.1:1', admin: 'http://127.0.0.1:2', status: 'ready' },
        { name: 'two', status: 'ready' },
      ],
    });
    expect(state.processes.every(({ pid }) => pid !== null && process.kill(pid, 0))).toBe(true);
  });

  it('says why when a process cannot start', async () => {
    create({ one: 'serve', two: 'refuse' }).start();
    await expect(stack.whenReady()).rejects.toThrow(/^two cannot start: 1 configuration error:\n {2}PORT/);
  });

  it('leaves no process when it is stopped, and at once when it is killed', async () => {
    create({ one: 'serve', two: 'ignore-sigterm' }).start();
    await stack.whenReady();
    const pids = stack.state().processes.map(({ pid }) => pid!);
    const stopped = stack.stop(60_000);
    stack.kill();
    await stopped;
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
