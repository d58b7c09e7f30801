import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findBreakingChanges } from './compare-openapi.ts';
import { findBreakingSdlChanges } from './compare-sdl.ts';
import type { Json } from './compare-schemas.ts';

/**
 * Refuses a change of a contract that breaks clients. The contract that clients rely on is the app's baseline; a change that is
 * meant to break them, or a release, replaces it by the current one.
 */
const workspaceRoot = resolve(import.meta.dirname, '../../../..');

/** Each kind of contract: where an app has what clients rely on, and where what they would get. */
const contracts = [
  {
    kind: 'openapi',
    baseline: 'openapi.baseline.json',
    current: 'src/client/generated/openapi.json',
    compare: (before: string, after: string) =>
      findBreakingChanges(JSON.parse(before) as Json, JSON.parse(after) as Json),
  },
  {
    kind: 'graphql',
    baseline: 'schema.baseline.graphql',
    current: 'src/schema/schema.graphql',
    compare: findBreakingSdlChanges,
  },
];

const read = (...path: string[]) => readFile(join(workspaceRoot, ...path), 'utf8');

for (const { kind, baseline, current, compare } of contracts) {
  for (const app of globSync(`apps/*/${baseline}`, { cwd: workspaceRoot }).map(dirname).sort()) {
    const changes = await compare(await read(app, baseline), await read(app, current));
    for (const change of changes) console.error(`${app}: ${change}`);
    if (changes.length > 0) {
      console.error(
        `${app}: the change breaks clients of ${baseline}. Keep what they use; or, if it is meant, copy ${current} over it and say so in the change.`,
      );
      process.exitCode = 1;
    } else console.log(`${kind}: ${app} breaks no client of its baseline.`);
  }
}
