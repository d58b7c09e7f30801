import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findContractProjects, findStaleFiles, writeGeneratedFiles } from './generate-contract.ts';
import { findGraphqlProjects, findStaleGraphqlFiles, writeGraphqlFiles } from './generate-graphql.ts';
import { findOpenapiProjects, findStaleOpenapiFiles, writeOpenapiFiles } from './generate-openapi.ts';

/** `npm run generate` writes the code that comes from contracts; `-- --check` only says which files are stale. */
const workspaceRoot = resolve(import.meta.dirname, '../../../..');

/** What is generated, from what: each kind knows its projects by the file that says how. */
const kinds = [
  { find: findContractProjects, check: findStaleFiles, write: writeGeneratedFiles },
  { find: findGraphqlProjects, check: findStaleGraphqlFiles, write: writeGraphqlFiles },
  { find: findOpenapiProjects, check: findStaleOpenapiFiles, write: writeOpenapiFiles },
];

try {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const projects: string[] = [];
  const files: string[] = [];
  for (const { find, check, write } of kinds) {
    for (const projectRoot of find(workspaceRoot)) {
      projects.push(projectRoot);
      files.push(...(await (values.check ? check : write)({ workspaceRoot, projectRoot })));
    }
  }
  for (const file of files) console.log(values.check ? `stale: ${file}` : `wrote: ${file}`);
  if (files.length === 0) console.log(`generate: ${projects.join(', ')} up to date.`);
  else if (values.check) {
    console.error('generate: generated code differs from its contract; run `npm run generate` and commit.');
    process.exitCode = 1;
  }
} catch (error) {
  const usage = error instanceof TypeError && 'code' in error;
  console.error(`generate: ${usage ? `${error.message} (only --check is known)` : describeFailure(error)}`);
  process.exitCode = usage ? 2 : 1;
}

/** buf explains itself on standard error; that is worth more than "Command failed". */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'stderr' in error && String(error.stderr) !== '' ? String(error.stderr) : error.message;
}
