import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments, stringify } from 'yaml';

/** One Kubernetes object, as it would be sent to the cluster. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** The package that knows the kinds of an API: `LIBRARY/API/VERSION/KIND`. */
export function libraryOf(apiVersion: string): string {
  return apiVersion.startsWith('gateway.networking.k8s.io/')
    ? '@kubernetes-models/gateway-api'
    : 'kubernetes-models';
}

const run = promisify(execFile);

/**
 * The objects of a folder under `root`, rendered by `kubectl kustomize`.
 * Fails with what kubectl says when the folder does not render, or when there is no kubectl.
 */
export async function renderKustomization(root: string, folder: string): Promise<Resource[]> {
  if (!(await speaksOldDialect())) return kustomize(join(root, folder));
  const copy = await mkdtemp(join(tmpdir(), 'kustomize-'));
  try {
    await cp(root, copy, { recursive: true });
    await toOldDialect(copy, folder);
    return await kustomize(join(copy, folder));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function kustomize(folder: string): Promise<Resource[]> {
  const { stdout } = await run('kubectl', ['kustomize', folder], { maxBuffer: 16_000_000 });
  return parseAllDocuments(stdout).map((document) => document.toJS() as Resource);
}

/** Debian 12's kubectl has kustomize 2, which does not say its version. */
async function speaksOldDialect(): Promise<boolean> {
  const { stdout } = await run('kubectl', ['version', '--client', '--output', 'json']);
  return !('kustomizeVersion' in (JSON.parse(stdout) as object));
}

interface Kustomization {
  resources?: string[];
  bases?: string[];
  patches?: { path: string }[];
  patchesStrategicMerge?: string[];
}

/** The same in the words of kustomize 2: folders are `bases`, patches `patchesStrategicMerge`. */
async function toOldDialect(root: string, folder: string): Promise<void> {
  const file = join(root, folder, 'kustomization.yaml');
  const { resources = [], patches = [], ...rest } = parse(await readFile(file, 'utf8')) as Kustomization;
  const isFolder = await Promise.all(
    resources.map(async (resource) => (await stat(join(root, folder, resource))).isDirectory()),
  );
  const bases = resources.filter((_, index) => isFolder[index]);
  for (const base of bases) await toOldDialect(root, join(folder, base));
  const old: Kustomization = {
    ...rest,
    bases,
    resources: resources.filter((_, index) => !isFolder[index]),
    patchesStrategicMerge: patches.map(({ path }) => path),
  };
  await writeFile(file, stringify(old));
}
