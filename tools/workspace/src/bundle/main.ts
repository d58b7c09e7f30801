import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleApp } from './bundle-app.ts';

/** `node tools/workspace/src/bundle/main.ts apps/web-bff`; the `build` target of every app runs it. */
const workspaceRoot = resolve(import.meta.dirname, '../../../..');
const [appRoot] = process.argv.slice(2);

if (
  appRoot === undefined ||
  !(await stat(join(workspaceRoot, appRoot, 'src/main.ts')).catch(() => undefined))
) {
  console.error(
    `bundle: name a folder that holds src/main.ts, such as apps/web-bff; got ${appRoot ?? 'nothing'}.`,
  );
  process.exit(2);
}
try {
  await bundleApp({ workspaceRoot, appRoot });
  const { size } = await stat(join(workspaceRoot, appRoot, 'dist/bundle/main.mjs'));
  console.log(`${appRoot}/dist/bundle/main.mjs ${(size / 1e6).toFixed(1)} MB`);
} catch {
  // esbuild has printed each fault with its place.
  console.error(`bundle: ${appRoot} does not bundle; the faults are listed above.`);
  process.exit(1);
}
