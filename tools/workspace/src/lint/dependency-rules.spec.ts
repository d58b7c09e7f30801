import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Snippet } from './lint-snippets.ts';

const undeclared = 'Only packages defined in the "package.json" can be imported';
const crossesByPath = 'Projects cannot be imported by a relative or absolute path';

interface Case extends Snippet {
  name: string;
  /** A part of the one complaint, or undefined where the import is permitted. */
  complaint: string | undefined;
}

const cases: Case[] = [
  {
    name: 'one BFF imports another',
    file: 'apps/web-bff/src/main.ts',
    code: `export * from '@bff/mobile-bff';`,
    complaint: undeclared,
  },
  {
    name: 'one BFF reaches into another by a relative path',
    file: 'apps/web-bff/src/main.ts',
    code: `export * from '../../mobile-bff/src/main.ts';`,
    complaint: crossesByPath,
  },
  {
    name: 'an app imports another app that exports something',
    file: 'apps/web-bff/src/main.ts',
    code: `export * from '@bff/workspace';`,
    complaint: '"layer:app" can only depend on libs tagged with "layer:core"',
  },
  {
    name: 'express in a use case',
    file: 'libs/aggregation/src/index.ts',
    code: `import express from 'express'; export { express };`,
    complaint: '"layer:usecase" is not allowed to import "express"',
  },
  {
    name: 'graphql in the upstream layer, for a type alone',
    file: 'libs/upstream/src/index.ts',
    code: `export type { DocumentNode } from 'graphql';`,
    complaint: '"layer:upstream" is not allowed to import "graphql"',
  },
  {
    name: 'express in the infrastructure outside its adapter',
    file: 'libs/load-balancing/src/index.ts',
    code: `export type { Request } from 'express';`,
    complaint: '"layer:infra" is not allowed to import "express"',
  },
  {
    name: 'the infrastructure imports the layer above it',
    file: 'libs/load-balancing/src/index.ts',
    code: `export * from '@bff/upstream';`,
    complaint: 'Circular dependency between "load-balancing" and "upstream"',
  },
  {
    name: 'a use case imports the infrastructure',
    file: 'libs/aggregation/src/index.ts',
    code: `export * from '@bff/admission';`,
    complaint: '"layer:usecase" can only depend on libs tagged with "layer:core"',
  },
  {
    name: 'a package that only another project has declared',
    file: 'libs/admission/src/index.ts',
    code: `export { request } from 'undici';`,
    complaint: undeclared,
  },
  {
    name: 'a project of the workspace that the package.json does not name',
    file: 'libs/load-balancing/src/index.ts',
    code: `export * from '@bff/observability';`,
    complaint: 'Name "@bff/observability" in the dependencies of libs/load-balancing/package.json',
  },
  {
    name: 'a library reached by a relative path',
    file: 'libs/aggregation/src/index.ts',
    code: `export { AppError } from '../../core/src/index.ts';`,
    complaint: crossesByPath,
  },
  {
    name: 'a use case imports the core',
    file: 'libs/aggregation/src/index.ts',
    code: `export { AppError } from '@bff/core'; export type { Clock } from '@bff/core';`,
    complaint: undefined,
  },
  {
    name: 'a BFF imports its own protocol and the platform',
    file: 'apps/web-bff/src/main.ts',
    code: `import express from 'express'; import { AppError } from '@bff/core'; export { AppError, express };`,
    complaint: undefined,
  },
  {
    name: 'service-kit builds on server-kit',
    file: 'libs/service-kit/src/index.ts',
    code: `export * from '@bff/server-kit';`,
    complaint: undefined,
  },
];

describe('dependency rules of eslint.config.mjs', () => {
  let findings: string[][] = [];

  // One process for all cases: it reads the project graph and the compiler's projects once.
  beforeAll(async () => {
    findings = await lintSnippets(cases);
  }, 120_000);

  it.each(cases.map((each, index) => ({ ...each, index })))('$name', ({ index, complaint }) => {
    const messages = findings[index]?.join('\n');
    if (complaint === undefined) expect(messages).toBe('');
    else expect(messages).toContain(complaint);
  });
});

async function lintSnippets(snippets: readonly Snippet[]): Promise<string[][]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lint-snippets.ts')], { stdio: 'pipe' });
  child.stdin.end(JSON.stringify(snippets));
  const [faults, findings] = await Promise.all([
    text(child.stderr),
    json(child.stdout).catch(() => undefined) as Promise<string[][] | undefined>,
  ]);
  if (!findings) throw new Error(`The snippets could not be linted:\n${faults}`);
  return findings;
}
