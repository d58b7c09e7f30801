import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from './find-pods.ts';
import type { Resource } from './render-kustomization.ts';

const row = /^\| `(?<name>[A-Z][A-Z0-9_]*)`\s*\| (?<fallback>.*?)\s*\|/gm;

/**
 * What is wrong with the variables that an app's container gets: those that the app does not know (it would not say so), and
 * those that it wants and does not get. What an app knows stands in its README, which a test of the app compares with its schema.
 */
export async function checkEnvironment(
  apps: string,
  { name, spec }: Pod,
  resources: readonly Resource[],
): Promise<string[]> {
  const readme = await readFile(join(apps, name, 'README.md'), 'utf8');
  const variables = [...readme.matchAll(row)].map(({ groups }) => groups ?? {});
  const known = new Set(variables.map((each) => each['name'] ?? ''));
  const [{ env = [], envFrom = [] }] = spec.containers;
  const shared = new Set(envFrom.flatMap(({ configMapRef }) => literalsOf(resources, configMapRef.name)));
  const own = env.map((each) => each.name);
  const given = new Set([...own, ...shared].map((each) => plainName(each, known)));
  const used = JSON.stringify(env);
  return [
    ...own
      .filter((each) => !known.has(plainName(each, known)) && !used.includes(`$(${each})`))
      .map((each) => `${name} does not know ${each}.`),
    ...variables
      .filter((each) => each['fallback'] === 'required' && !given.has(each['name'] ?? ''))
      .map((each) => `${name} lacks ${each['name'] ?? ''}.`),
  ];
}

/** `X_FILE` gives `X`. */
function plainName(name: string, known: ReadonlySet<string>): string {
  return known.has(name) ? name : name.replace(/_FILE$/, '');
}

function literalsOf(resources: readonly Resource[], wanted: string): string[] {
  const found = resources.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === wanted);
  return Object.keys(found?.['data'] ?? {});
}
