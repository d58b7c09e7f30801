import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const generatedFolder = join('src', 'generated');

export interface GenerateOptions {
  workspaceRoot: string;
  /** A project with `buf.yaml` and `buf.gen.yaml` that generates into `src/generated`, `libs/contracts`. */
  projectRoot: string;
}

/** The projects that own .proto files: those with a `buf.gen.yaml`. */
export function findContractProjects(workspaceRoot: string): string[] {
  return globSync('{apps,libs}/*/buf.gen.yaml', { cwd: workspaceRoot }).map(dirname).sort();
}

/**
 * Lists the generated files that differ from what the .proto files give: stale, missing or left over.
 * Writes nothing in the workspace.
 */
export async function findStaleFiles(options: GenerateOptions): Promise<string[]> {
  const target = join(options.workspaceRoot, options.projectRoot, generatedFolder);
  const [fresh, present] = await Promise.all([generate(options), readTree(target)]);
  const names = new Set([...fresh.keys(), ...present.keys()]);
  return [...names]
    .filter((name) => fresh.get(name) !== present.get(name))
    .map((name) => join(options.projectRoot, generatedFolder, name))
    .sort();
}

/** Brings `src/generated` up to date and returns the files that changed. */
export async function writeGeneratedFiles(options: GenerateOptions): Promise<string[]> {
  const stale = await findStaleFiles(options);
  if (stale.length === 0) return [];
  const fresh = await generate(options);
  const target = join(options.workspaceRoot, options.projectRoot, generatedFolder);
  for (const file of stale) await rm(join(options.workspaceRoot, file), { force: true });
  for (const [name, content] of fresh) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), content);
  }
  return stale;
}

/** Everything that belongs into `src/generated`, by relative name. */
async function generate({ workspaceRoot, projectRoot }: GenerateOptions): Promise<Map<string, string>> {
  const cwd = join(workspaceRoot, projectRoot);
  const packageBinaries = join(workspaceRoot, 'node_modules', '.bin');
  // buf finds its plugin, and the plugin its Node, on the PATH.
  const env = { ...process.env, PATH: `${packageBinaries}${delimiter}${process.env['PATH'] ?? ''}` };
  const output = await mkdtemp(join(tmpdir(), 'generate-'));
  try {
    await run('buf', ['generate', '--output', output], { cwd, env });
    const buildDescriptors = ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-'];
    const { stdout } = await run('buf', buildDescriptors, { cwd, env, encoding: 'buffer' });
    const files = await readTree(join(output, generatedFolder));
    return files.set('descriptor.ts', descriptorModule(stdout));
  } finally {
    await rm(output, { recursive: true });
  }
}

function descriptorModule(fileDescriptorSet: Buffer): string {
  return [
    '/** The project’s .proto files with all they import, as a google.protobuf.FileDescriptorSet in base64. */',
    `export const fileDescriptorSetBase64 =\n  '${fileDescriptorSet.toString('base64')}';`,
    '',
  ].join('\n');
}

async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = globSync('**/*.*', { cwd: folder }).map(
    async (name) => [name, await readFile(join(folder, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(entries));
}
