import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findBreakingProtoChanges, protoBaseline } from './check-proto.ts';
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

/** Says what was found; a baseline is replaced by `accept` where the break is meant. */
function report(where: string, kind: string, changes: readonly string[], accept: string): void {
  if (changes.length === 0) {
    console.log(`${kind}: ${where} breaks no client of its baseline.`);
    return;
  }
  for (const change of changes) console.error(`${where}: ${change}`);
  console.error(
    `${where}: the change breaks clients. Keep what they use; or, if it is meant, accept it and say so in the change: ${accept}`,
  );
  process.exitCode = 1;
}

for (const { kind, baseline, current, compare } of contracts) {
  for (const app of globSync(`apps/*/${baseline}`, { cwd: workspaceRoot }).map(dirname).sort()) {
    const changes = await compare(await read(app, baseline), await read(app, current));
    report(app, kind, changes, `cp ${app}/${current} ${app}/${baseline}`);
  }
}

for (const folder of globSync('{apps,libs}/*/buf.yaml', { cwd: workspaceRoot }).map(dirname).sort()) {
  const changes = await findBreakingProtoChanges(workspaceRoot, folder);
  report(folder, 'proto', changes, `(cd ${folder} && npx buf build --output ${protoBaseline})`);
}
