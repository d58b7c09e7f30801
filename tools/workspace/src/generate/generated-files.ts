import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What generated files contain, by their paths in the workspace. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** Those that are missing in the workspace or are not as they should be. */
export async function findStale(workspaceRoot: string, files: GeneratedFiles): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, content] of files) {
    const present = await readFile(join(workspaceRoot, name), 'utf8').catch(() => undefined);
    if (present !== content) stale.push(name);
  }
  return stale.sort();
}

/** Brings them up to date and returns those that changed. */
export async function writeStale(workspaceRoot: string, files: GeneratedFiles): Promise<string[]> {
  const stale = await findStale(workspaceRoot, files);
  for (const name of stale) {
    const path = join(workspaceRoot, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, files.get(name) ?? '');
  }
  return stale;
}
