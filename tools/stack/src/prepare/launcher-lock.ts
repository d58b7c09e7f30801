import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CommandError } from '../command/command-error.ts';

/** Says whether the process `pid` is a launcher that still runs. */
export type IsLauncher = (pid: number) => boolean;

/**
 * Takes the lock file, in a folder that exists, for this launcher; returns what gives it back. A lock whose launcher is gone is taken over.
 * Throws a `CommandError` when a stack of this folder runs.
 */
export function lockStack(file: string, pid: number, isLauncher: IsLauncher = isLiveLauncher): () => void {
  const holder = readHolder(file);
  if (holder !== undefined && isLauncher(holder)) {
    throw new CommandError(
      `A stack of this workspace is running already (process ${holder}); stop it with Ctrl-C in its terminal or \`kill ${holder}\`.`,
    );
  }
  rmSync(file, { force: true });
  try {
    // `wx`: of two launchers that start in the same moment one fails here.
    writeFileSync(file, String(pid), { flag: 'wx' });
  } catch (cause) {
    throw new CommandError(`Another launcher is starting in this workspace; wait for it or stop it.`, {
      cause,
    });
  }
  return () => {
    if (readHolder(file) === pid) rmSync(file, { force: true });
  };
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Process ids are used again: where the system tells what a process runs, it must be a launcher. */
function isLiveLauncher(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('stack/src/main.ts');
  } catch {
    return process.platform !== 'linux';
  }
}
