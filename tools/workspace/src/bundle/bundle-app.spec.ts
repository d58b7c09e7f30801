import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bundleApp } from './bundle-app.ts';

const run = promisify(execFile);
const installedPackages = resolve(import.meta.dirname, '../../../../node_modules');

describe('bundleApp', () => {
  let workspaceRoot = '';
  const write = async (path: string, content: string) => {
    const file = join(workspaceRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  /** Bundles, moves the bundle away from everything it was made of, and runs it. */
  const bundleAndRun = async () => {
    await bundleApp({ workspaceRoot, appRoot: 'apps/sample' });
    const away = join(workspaceRoot, 'away');
    await cp(join(workspaceRoot, 'apps/sample/dist/bundle'), away, { recursive: true });
    await rm(join(workspaceRoot, 'apps'), { recursive: true });
    await rm(join(workspaceRoot, 'node_modules'));
    return (await run(process.execPath, ['main.mjs'], { cwd: away })).stdout;
  };

  beforeEach(async () => {
    workspaceRoot = await realpath(await mkdtemp(join(tmpdir(), 'bundle-')));
    await symlink(installedPackages, join(workspaceRoot, 'node_modules'));
  });
  afterEach(() => rm(workspaceRoot, { recursive: true }));

  it('carries the files that the source names by URL, each from its own folder', async () => {
    const readGreeting = `readFileSync(new URL('./greeting.txt', import.meta.url), 'utf8')`;
    const importFs = `import { readFileSync } from 'node:fs';`;
    await write('apps/sample/src/greeting.txt', 'outer');
    await write('apps/sample/src/inner/greeting.txt', 'inner');
    await write(
      'apps/sample/src/inner/greet.ts',
      `${importFs} export const greeting: string = ${readGreeting};`,
    );
    await write(
      'apps/sample/src/main.ts',
      `${importFs} import { greeting } from './inner/greet.ts'; process.stdout.write(greeting + ' ' + ${readGreeting});`,
    );
    expect(await bundleAndRun()).toBe('inner outer');
  });

  it('carries the proto files that a CommonJS package reads beside itself', async () => {
    await write(
      'apps/sample/src/main.ts',
      `import { Server } from '@grpc/grpc-js';
       import { ReflectionService } from '@grpc/reflection';
       new ReflectionService({}).addToServer(new Server());
       process.stdout.write('reflecting');`,
    );
    expect(await bundleAndRun()).toBe('reflecting');
  });

  it('fails when a file that the source reads does not exist', async () => {
    await write('apps/sample/src/main.ts', `console.log(new URL('./missing.txt', import.meta.url));`);
    await expect(bundleApp({ workspaceRoot, appRoot: 'apps/sample', logLevel: 'silent' })).rejects.toThrow(
      'missing.txt does not exist',
    );
  });
});
