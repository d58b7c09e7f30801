import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import type { GenerateOptions } from './generate-contract.ts';
import { findStale, writeStale } from './generated-files.ts';

const run = promisify(execFile);

/** Prints the app's document; the app itself serves the same. */
const printer = 'src/contract/print-document.ts';
const generatedFolder = 'src/client/generated';

/** The projects that have an OpenAPI document: those with a `src/contract/print-document.ts`. */
export function findOpenapiProjects(workspaceRoot: string): string[] {
  return globSync(`apps/*/${printer}`, { cwd: workspaceRoot })
    .map((file) => file.slice(0, -printer.length - 1))
    .sort();
}

/** Lists the generated files that differ from what the app's own schemas give. Writes nothing. */
export async function findStaleOpenapiFiles(options: GenerateOptions): Promise<string[]> {
  return findStale(options.workspaceRoot, await generate(options));
}

/** Brings the document and the client's types up to date and returns the files that changed. */
export async function writeOpenapiFiles(options: GenerateOptions): Promise<string[]> {
  return writeStale(options.workspaceRoot, await generate(options));
}

async function generate({ workspaceRoot, projectRoot }: GenerateOptions): Promise<Map<string, string>> {
  const { stdout } = await run(process.execPath, [join(workspaceRoot, projectRoot, printer)]);
  const folder = join(projectRoot, generatedFolder);
  const types = astToString(await openapiTypescript(stdout, { alphabetize: false }));
  return new Map([
    [join(folder, 'openapi.json'), await formatJson(stdout, workspaceRoot)],
    [join(folder, 'openapi-types.ts'), types],
  ]);
}

async function formatJson(json: string, workspaceRoot: string): Promise<string> {
  const style = await resolveConfig(join(workspaceRoot, 'package.json'));
  return format(json, { ...style, parser: 'json' });
}
