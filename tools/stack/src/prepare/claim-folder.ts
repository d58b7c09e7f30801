import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CommandError } from '../command/command-error.ts';
import { internalKeySetFile } from '../topology/process-environment.ts';
import type { StackPaths } from './stack-paths.ts';

/**
 * Makes the stack's folder. Throws a `CommandError` for a folder of somebody else's: a start removes `data` and `logs`
 * in it, which in a home folder, say, may be anything.
 */
export function claimFolder(paths: StackPaths): void {
  const { folder } = paths;
  createFolder(folder);
  const own = [
    ...[paths.stateFile, paths.lockFile, paths.data, paths.secrets, paths.logs],
    ...[paths.endpoints, paths.controlSocket],
  ].map((path) => basename(path));
  const foreign = readdirSync(folder).find((name) => !own.some((known) => name.startsWith(known)));
  if (foreign === undefined || existsSync(internalKeySetFile(paths))) return;
  throw new CommandError(
    `${folder} holds files that are not a stack's ("${foreign}"); choose a new or empty folder with STACK_DIR.`,
  );
}

/** One level at a time: Node's own recursion never ends where nobody can make a folder, below /proc for instance. */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder);
}
