import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/**
 * Reads `[{ "file": "apps/web-bff/src/main.ts", "code": "…" }]` on standard input and prints, for each, what the
 * dependency rules say if that file held that code. A process of its own, because the rules and the project
 * graph are CommonJS with native parts that a test runner's sandbox does not load.
 */
export interface Snippet {
  /** A source file, relative to the workspace: its project decides what it may import. */
  file: string;
  code: string;
}

const dependencyRules = ['@nx/enforce-module-boundaries', 'workspace/declared-imports'];
const workspaceRoot = resolve(import.meta.dirname, '../../../..');
const snippets = JSON.parse(await text(process.stdin)) as Snippet[];

// The rule reads the graph from Nx's cache, and in a fresh clone there is none yet.
await createProjectGraphAsync({ exitOnError: true });
// These rules need no types, and to load those of every project named would take most of the time.
const eslint = new ESLint({ cwd: workspaceRoot, overrideConfig: [tseslint.configs.disableTypeChecked] });
const findings: string[][] = [];
for (const { file, code } of snippets) {
  const [result] = await eslint.lintText(code, { filePath: resolve(workspaceRoot, file) });
  const broken = result?.messages.find(({ fatal }) => fatal);
  if (broken) throw new Error(`${file} could not be linted: ${broken.message}`);
  const found = result?.messages.filter(({ ruleId }) => dependencyRules.includes(ruleId ?? '')) ?? [];
  findings.push(found.map(({ message }) => message));
}
process.stdout.write(JSON.stringify(findings));
process.exit(0);
