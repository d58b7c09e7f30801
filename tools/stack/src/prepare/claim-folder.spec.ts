import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { claimFolder } from './claim-folder.ts';

describe('the folder of a stack', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  beforeEach(() => {
    paths = createTemporaryPaths();
  });
  afterEach(() => paths.remove());

  it('is made, with those above it', () => {
    rmSync(paths.folder, { recursive: true });
    claimFolder(paths);
    expect(existsSync(paths.folder)).toBe(true);
  });

  it('is not somebody else’s, whose data and logs a start would remove', () => {
    mkdirSync(join(paths.folder, 'data'));
    writeFileSync(join(paths.folder, 'thesis.txt'), '');
    expect(() => {
      claimFolder(paths);
    }).toThrow(/"thesis.txt".*STACK_DIR/);
  });

  it('is used again after a stack, whatever else lies there', () => {
    for (const folder of [paths.data, paths.logs, paths.secrets]) mkdirSync(folder, { recursive: true });
    writeFileSync(paths.stateFile, '{}');
    claimFolder(paths);
    writeFileSync(join(paths.secrets, 'internal-jwks.json'), '{}');
    writeFileSync(join(paths.folder, 'notes.txt'), '');
    claimFolder(paths);
  });

  it('fails at once where no folder can be made', () => {
    const folder = '/proc/no-such-folder/below';
    expect(() => {
      claimFolder({ ...paths, folder });
    }).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
