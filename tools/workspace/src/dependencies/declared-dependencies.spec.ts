import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readDeclaredDependencies, readReasons, type DeclaredDependency } from './declared-dependencies.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../../..');

describe('third-party dependencies', () => {
  let declared: DeclaredDependency[] = [];
  let reasons: string[] = [];

  beforeAll(async () => {
    declared = await readDeclaredDependencies(workspaceRoot);
    const page = await readFile(join(workspaceRoot, 'docs/dependencies.md'), 'utf8');
    const [inUse = ''] = page.split('## Held back');
    reasons = [...readReasons(inUse).keys()];
  });

  it('each have their reason in docs/dependencies.md', () => {
    const missing = declared.filter(({ name }) => !reasons.includes(name));
    expect(missing).toEqual([]);
  });

  it('are all in use: docs/dependencies.md lists none that no package.json names', () => {
    const names = declared.map(({ name }) => name);
    expect(reasons.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('have one exact version across the workspace', () => {
    const versions = Map.groupBy(declared, ({ name }) => name);
    const faults = [...versions.values()].filter((list) =>
      list.some(({ version }) => !/^\d+\.\d+\.\d+$/.test(version) || version !== list[0]?.version),
    );
    expect(faults).toEqual([]);
  });
});

describe('readReasons', () => {
  it('takes a row with a reason and not one without', () => {
    const page = '| package | why |\n| --- | --- |\n| `@acme/one` | it is fast   |\n| `two` |  |\n';
    expect([...readReasons(page)]).toEqual([['@acme/one', 'it is fast']]);
  });
});
