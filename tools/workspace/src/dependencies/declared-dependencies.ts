import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One third-party package as one `package.json` asks for it. */
export interface DeclaredDependency {
  name: string;
  /** Workspace-relative path of the `package.json`. */
  declaredIn: string;
  version: string;
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Every third-party dependency of the root and of each project; the workspace's own packages are left out. */
export async function readDeclaredDependencies(workspaceRoot: string): Promise<DeclaredDependency[]> {
  const manifests = globSync('{package.json,{apps,libs,tools}/*/package.json}', { cwd: workspaceRoot });
  const lists = manifests.map(async (declaredIn) => {
    const manifest = JSON.parse(await readFile(join(workspaceRoot, declaredIn), 'utf8')) as Manifest;
    return Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    })
      .filter(([name]) => !name.startsWith('@bff/'))
      .map(([name, version]) => ({ name, declaredIn, version }));
  });
  return (await Promise.all(lists)).flat();
}

/** The packages for which a Markdown table gives a reason: rows of the form "| `name` | reason |", padded or not. */
export function readReasons(markdown: string): Map<string, string> {
  const rows = markdown.matchAll(/^\| `([^`]+)` *\| (.*\S) *\|$/gm);
  return new Map([...rows].map(([, name = '', reason = '']) => [name, reason]));
}
