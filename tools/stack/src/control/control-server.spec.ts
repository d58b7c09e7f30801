import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandError } from '../command/command-error.ts';
import { writeState } from '../prepare/stack-state.ts';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { askLauncher } from './ask-launcher.ts';
import { startControlServer } from './control-server.ts';

describe('the launcher’s socket', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  let end: () => void;
  const lines: string[] = [];
  const ask = (app: string, replicas: number) =>
    askLauncher(
      { do: 'scale', app, replicas },
      { paths, environment: {}, terminal: { line: (text) => lines.push(text), error: () => undefined } },
    );

  beforeEach(async () => {
    paths = createTemporaryPaths();
    lines.length = 0;
    writeState(paths.stateFile, { level: 4, ready: true, entries: {}, processes: [] });
    end = await startControlServer(paths.controlSocket, {
      async scale(app, replicas, report) {
        report('first');
        if (app === 'nobody') throw new CommandError('This level has no nobody.', { exitStatus: 2 });
        report(`${app} runs ${replicas} times.`);
      },
      restart: () => Promise.reject(new Error('unexpected')),
    });
  });
  afterEach(() => {
    end();
    paths.remove();
  });

  it('shows every line of a change, and how it ended', async () => {
    expect(await ask('web-bff', 3)).toBe(0);
    expect(lines).toEqual(['first', 'web-bff runs 3 times.']);
    await expect(ask('nobody', 3)).rejects.toMatchObject({
      message: 'This level has no nobody.',
      exitStatus: 2,
    });
  });

  it('says so when nobody answers any more', async () => {
    end();
    await expect(ask('web-bff', 3)).rejects.toThrow('The launcher of the running stack does not answer');
  });
});
