import { createManualClock } from '@bff/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFakePlan } from '../testing/fake-plan.ts';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { SupervisedProcess, type ProcessEvent } from './supervised-process.ts';

/** Supervises the fake app on a clock of the test's; `until` waits for an event. */
function supervise(paths: ReturnType<typeof createTemporaryPaths>, behaviour: string) {
  const clock = createManualClock();
  const seen: string[] = [];
  const events: ProcessEvent[] = [];
  let wake: () => void = () => undefined;
  const { name, script, logFile } = createFakePlan(paths);
  const environment: Record<string, string | undefined> = { PATH: process.env.PATH, BEHAVIOUR: behaviour };
  const supervised = new SupervisedProcess({
    ...{ name, script, logFile, clock, environment },
    restartDelayMs: 200,
    onEvent: (event) => {
      if (event.type === 'status') seen.push(supervised.status);
      events.push(event);
      wake();
    },
  });
  const changed = () => new Promise<void>((resolve) => (wake = resolve));
  const until = async (type: ProcessEvent['type']): Promise<ProcessEvent> => {
    for (;;) {
      const at = events.findIndex((event) => event.type === type);
      if (at >= 0) return events.splice(0, at + 1).at(-1)!;
      await changed();
    }
  };
  const untilReady = async () => {
    while (supervised.status !== 'ready') await changed();
  };
  return { clock, environment, supervised, seen, until, untilReady };
}

describe('a supervised process', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  beforeEach(() => {
    paths = createTemporaryPaths();
  });
  afterEach(() => {
    paths.remove();
  });

  it('is started again with a new process id when it is killed', async () => {
    const { clock, supervised, until, untilReady } = supervise(paths, 'serve');
    supervised.start();
    await untilReady();
    const { pid } = supervised;
    process.kill(pid!, 'SIGKILL');
    expect(await until('died')).toMatchObject({ reason: 'SIGKILL', restartInMs: 200 });
    expect([supervised.status, supervised.pid]).toEqual(['restarting', undefined]);
    await clock.advance(200);
    await until('back');
    expect(supervised.status).toBe('ready');
    expect(supervised.pid).not.toBe(pid);
    await supervised.stop(5_000);
  });

  it('waits twice as long after each death, and starts anew once it was up for ten seconds', async () => {
    const { clock, environment, supervised, until, untilReady } = supervise(paths, 'die-when-ready');
    const delays: number[] = [];
    const dieOnce = async () => {
      const died = await until('died');
      if (died.type === 'died') delays.push(died.restartInMs);
      await clock.advance(delays.at(-1)!);
    };
    supervised.start();
    for (let death = 0; death < 3; death++) await dieOnce();
    environment.BEHAVIOUR = 'serve';
    await dieOnce();
    await untilReady();
    await clock.advance(10_000);
    process.kill(supervised.pid!, 'SIGKILL');
    await dieOnce();
    expect(delays).toEqual([200, 400, 800, 1_600, 200]);
    await supervised.stop(5_000);
  });

  it('says how it died and what it logged last', async () => {
    const { supervised, until } = supervise(paths, 'die-when-ready');
    supervised.start();
    expect(await until('died')).toMatchObject({ reason: 'exit status 3', lastLine: 'out of luck' });
    await supervised.stop(5_000);
  });

  it('is not started again when it refuses to start, and passes its own message on', async () => {
    const { supervised, until } = supervise(paths, 'refuse');
    supervised.start();
    expect(await until('cannot-start')).toMatchObject({
      message: 'fake cannot start: 1 configuration error:\n  PORT: must be a whole number, is "x".',
    });
    expect(supervised.status).toBe('failed');
  });

  it('names the error and the log of a process that broke before it was ready', async () => {
    const { supervised, until } = supervise(paths, 'throw');
    supervised.start();
    expect(await until('cannot-start')).toMatchObject({
      message: `fake cannot start: TypeError: something is broken; see ${paths.logs}/fake.log.`,
    });
  });

  it('is killed when it does not end in time', async () => {
    const { clock, supervised, seen, untilReady } = supervise(paths, 'ignore-sigterm');
    supervised.start();
    await untilReady();
    const stopped = supervised.stop(1_500);
    await clock.advance(1_500);
    await stopped;
    expect(seen).toEqual(['ready', 'stopping', 'stopped']);
  });

  it('is not started again when it is stopped while it waits for its restart', async () => {
    const { clock, supervised, until, untilReady } = supervise(paths, 'serve');
    supervised.start();
    await untilReady();
    process.kill(supervised.pid!, 'SIGKILL');
    await until('died');
    await supervised.stop(5_000);
    await clock.advance(60_000);
    expect([supervised.status, supervised.pid]).toEqual(['stopped', undefined]);
  });
});
