import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackPaths, type StackPaths } from '../prepare/stack-paths.ts';

/** A stack folder of a test's own. */
export function createTemporaryPaths(): StackPaths & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  const paths = stackPaths({ STACK_DIR: folder });
  mkdirSync(paths.logs);
  return { ...paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
