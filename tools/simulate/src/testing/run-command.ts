import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@bff/core/testing';
import { simulate } from '../command/simulate.ts';

export interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

export interface CommandRunner {
  /** Empty at first; relative paths start here, and the default output goes here, too. */
  readonly directory: string;
  run(...args: readonly string[]): Promise<Ran>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** The command in an empty folder, with what it prints. Its clock stands, so it took 0.0 s. */
export async function openCommandRunner(): Promise<CommandRunner> {
  const directory = await mkdtemp(join(tmpdir(), 'simulate-'));
  return {
    directory,
    close: () => rm(directory, { recursive: true }),
    async run(...args) {
      const output: string[] = [];
      const errors: string[] = [];
      const status = await simulate(args, {
        clock: createManualClock(),
        directory,
        workspaceRoot: directory,
        line: (text) => output.push(text),
        error: (text) => errors.push(text),
      });
      return { status, output: output.join('\n'), errors: errors.join('\n') };
    },
  };
}
