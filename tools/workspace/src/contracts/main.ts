import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findBreakingChanges } from './compare-openapi.ts';
import type { Json } from './compare-schemas.ts';

/**
 * Refuses a change of an OpenAPI document that breaks clients. The document that clients rely on is the app's
 * `openapi.baseline.json`; a change that is meant to break them, or a release, replaces it by the generated one.
 */
const workspaceRoot = resolve(import.meta.dirname, '../../../..');
const baseline = 'openapi.baseline.json';
const current = 'src/client/generated/openapi.json';

const readJson = async (...path: string[]) =>
  JSON.parse(await readFile(join(workspaceRoot, ...path), 'utf8')) as Json;

const apps = globSync(`apps/*/${baseline}`, { cwd: workspaceRoot }).map(dirname).sort();
for (const app of apps) {
  const changes = findBreakingChanges(await readJson(app, baseline), await readJson(app, current));
  for (const change of changes) console.error(`${app}: ${change}`);
  if (changes.length > 0) {
    console.error(
      `${app}: the change breaks clients of ${baseline}. Keep what they use; or, if it is meant, copy ${current} over it and say so in the change.`,
    );
    process.exitCode = 1;
  } else console.log(`openapi: ${app} breaks no client of its baseline.`);
}
