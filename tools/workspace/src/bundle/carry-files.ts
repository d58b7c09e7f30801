import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';

/** Our own way to name a file that is read at run time: `new URL('./schema.graphql', import.meta.url)`. */
const ownFile = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1,\s*import\.meta\.url,?\s*\)/g;

/** Packages that read files of their own through `__dirname`, and the files or folders that they read. */
const packagesWithFiles: Readonly<Record<string, readonly string[]>> = {
  '@grpc/reflection': ['build/proto/grpc'],
  // What the page under /docs needs; the package has ten times as much.
  'swagger-ui-dist': ['swagger-ui.css', 'swagger-ui-bundle.js'],
};

const packageFile = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/;

/** Copies a file or folder to a place under `files/`; resolves to what is wrong with it, if anything. */
type Carry = (from: string, place: string) => Promise<string | undefined>;

export interface CarryFilesOptions {
  workspaceRoot: string;
  outputFolder: string;
}

/**
 * An esbuild plugin for files that code reads at run time. In a bundle every module has the bundle's own address,
 * so each such file is copied under `files/` and the code that reads it is pointed there. From source nothing changes.
 */
export function carryFiles({ workspaceRoot, outputFolder }: CarryFilesOptions): Plugin {
  return {
    name: 'carry-files',
    setup(build) {
      // Several modules name the same file, and esbuild loads modules concurrently: copy each once.
      const copies = new Map<string, Promise<string | undefined>>();
      const carry: Carry = (from, place) => {
        const copy = copies.get(place) ?? copyFiles(from, join(outputFolder, 'files', place));
        copies.set(place, copy);
        return copy;
      };
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => loadOwnModule(path, workspaceRoot, carry));
      build.onLoad({ filter: /node_modules\/.*\.js$/ }, ({ path }) => loadPackageModule(path, carry));
    },
  };
}

async function loadOwnModule(
  path: string,
  workspaceRoot: string,
  carry: Carry,
): Promise<OnLoadResult | undefined> {
  const source = await readFile(path, 'utf8');
  const names = [...source.matchAll(ownFile)].map((match) => match[2] ?? '');
  if (names.length === 0) return undefined;
  const placeOf = (name: string) => relative(workspaceRoot, resolve(dirname(path), name));
  const faults = await Promise.all(
    names.map((name) =>
      isCode(name) ? Promise.resolve(codeFault(name)) : carry(resolve(dirname(path), name), placeOf(name)),
    ),
  );
  const contents = source.replaceAll(
    ownFile,
    (_call, _quote, name: string) =>
      `new URL(${JSON.stringify(`./files/${placeOf(name)}`)}, import.meta.url)`,
  );
  return { contents, loader: 'ts', errors: toErrors(faults, path) };
}

async function loadPackageModule(path: string, carry: Carry): Promise<OnLoadResult | undefined> {
  const [, name = '', inside = ''] = packageFile.exec(path) ?? [];
  const carried = packagesWithFiles[name];
  if (carried === undefined) return undefined;
  const source = await readFile(path, 'utf8');
  if (!source.includes('__dirname')) return undefined;
  const packageRoot = path.slice(0, -inside.length);
  const faults = await Promise.all(carried.map((item) => carry(join(packageRoot, item), join(name, item))));
  const place = JSON.stringify(join('files', name, dirname(inside)));
  const folderLine = `const __packageFolder = require('node:path').join(__dirname, ${place});`;
  const contents = `${folderLine}\n${source.replaceAll('__dirname', '__packageFolder')}`;
  return { contents, loader: 'js', errors: toErrors(faults, path) };
}

function toErrors(faults: readonly (string | undefined)[], path: string) {
  return faults.filter((fault) => fault !== undefined).map((text) => ({ text, location: { file: path } }));
}

/** All code of this workspace is TypeScript; a `.js` file beside it is one that browsers get. */
function isCode(name: string): boolean {
  return /\.[cm]?ts$/.test(name);
}

function codeFault(name: string): string {
  return `${name} is code: import it, a bundle carries data files only.`;
}

async function copyFiles(from: string, to: string): Promise<string | undefined> {
  const found = await stat(from).catch(() => undefined);
  if (!found) return `${from} does not exist, and the code reads it at run time.`;
  await cp(from, to, { recursive: true });
  return undefined;
}
