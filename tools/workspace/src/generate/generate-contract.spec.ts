import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findContractProjects, findStaleFiles, writeGeneratedFiles } from './generate-contract.ts';

const ownWorkspace = resolve(import.meta.dirname, '../../../..');

describe('generated contract code', () => {
  let workspaceRoot = '';
  const projectRoot = 'libs/sample';
  const inProject = (path: string) => join(workspaceRoot, projectRoot, path);

  beforeEach(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'contract-'));
    await symlink(join(ownWorkspace, 'node_modules'), join(workspaceRoot, 'node_modules'));
    for (const file of ['buf.yaml', 'buf.gen.yaml']) {
      await cp(join(ownWorkspace, 'libs/contracts', file), inProject(file), { recursive: true });
    }
    await cp(
      join(import.meta.dirname, 'testing/greeting.proto'),
      inProject('proto/acme/greeting/v1/greeting.proto'),
    );
  });
  afterEach(() => rm(workspaceRoot, { recursive: true }));

  it('finds the projects by their buf.gen.yaml', () => {
    expect(findContractProjects(workspaceRoot)).toEqual([projectRoot]);
  });

  it('is current right after it was written, descriptor included', async () => {
    expect(await findStaleFiles({ workspaceRoot, projectRoot })).toContain(
      'libs/sample/src/generated/acme/greeting/v1/greeting.ts',
    );
    await writeGeneratedFiles({ workspaceRoot, projectRoot });
    expect(await findStaleFiles({ workspaceRoot, projectRoot })).toEqual([]);
    const descriptor = await readFile(inProject('src/generated/descriptor.ts'), 'utf8');
    const [, base64 = ''] = /'([^']+)'/.exec(descriptor) ?? [];
    expect(Buffer.from(base64, 'base64').toString('latin1')).toContain('acme.greeting.v1');
  });

  it('is stale when edited by hand or left over', async () => {
    await writeGeneratedFiles({ workspaceRoot, projectRoot });
    await writeFile(inProject('src/generated/acme/greeting/v1/greeting.ts'), '// edited');
    await writeFile(inProject('src/generated/removed.ts'), '// its .proto is gone');
    const stale = [
      'libs/sample/src/generated/acme/greeting/v1/greeting.ts',
      'libs/sample/src/generated/removed.ts',
    ];
    expect(await findStaleFiles({ workspaceRoot, projectRoot })).toEqual(stale);
    expect(await writeGeneratedFiles({ workspaceRoot, projectRoot })).toEqual(stale);
    expect(await findStaleFiles({ workspaceRoot, projectRoot })).toEqual([]);
  });
});
