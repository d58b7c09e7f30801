import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { Kind, parse, print, type DocumentNode } from 'graphql';
import type { GenerateOptions } from './generate-contract.ts';
import { findStale, writeStale } from './generated-files.ts';

/** An app's `codegen.json`; every path is relative to the app. */
interface GraphqlCodegen {
  /** The SDL, which is written by hand. */
  schema: string;
  /** Types that the resolvers must have. */
  resolvers: {
    output: string;
    /** `file#Type`, as `mappers`: what a type of the schema is in the code. */
    contextType: string;
    mappers: Record<string, string>;
    scalars: Record<string, { input: string; output: string }>;
    enumValues: Record<string, string>;
  };
  /** What clients send: one operation per file. */
  operations: {
    documents: string;
    output: string;
    /** The registered operations, for a server that answers no others. */
    manifest: string;
  };
}

interface Operation {
  location: string;
  document: DocumentNode;
}

/** The projects whose SDL has types and clients: those with a `codegen.json`. */
export function findGraphqlProjects(workspaceRoot: string): string[] {
  return globSync('{apps,libs}/*/codegen.json', { cwd: workspaceRoot }).map(dirname).sort();
}

/** Lists the generated files that differ from what the SDL and the clients' operations give. Writes nothing. */
export async function findStaleGraphqlFiles(options: GenerateOptions): Promise<string[]> {
  return findStale(options.workspaceRoot, await generate(options));
}

/** Brings the generated files up to date and returns those that changed. */
export async function writeGraphqlFiles(options: GenerateOptions): Promise<string[]> {
  return writeStale(options.workspaceRoot, await generate(options));
}

/** Every generated file of a project by its path in the workspace. */
async function generate({ workspaceRoot, projectRoot }: GenerateOptions): Promise<Map<string, string>> {
  const root = join(workspaceRoot, projectRoot);
  const text = await readFile(join(root, 'codegen.json'), 'utf8');
  const { schema: sdl, resolvers, operations } = JSON.parse(text) as GraphqlCodegen;
  const schema = parse(await readFile(join(root, sdl), 'utf8'));
  const documents = await readOperations(join(root, operations.documents));
  return new Map([
    [join(projectRoot, resolvers.output), await generateResolverTypes(schema, resolvers)],
    [join(projectRoot, operations.output), await generateOperations(schema, documents)],
    [join(projectRoot, operations.manifest), manifestOf(documents)],
  ]);
}

async function readOperations(folder: string): Promise<Operation[]> {
  const files = globSync('*.graphql', { cwd: folder }).sort();
  return Promise.all(
    files.map(async (name) => ({
      location: join(folder, name),
      document: parse(await readFile(join(folder, name), 'utf8')),
    })),
  );
}

const shared = { useTypeImports: true, immutableTypes: true, enumsAsTypes: true, strictScalars: true };

async function generateResolverTypes(
  schema: DocumentNode,
  { output, ...config }: GraphqlCodegen['resolvers'],
): Promise<string> {
  const content = await codegen({
    filename: output,
    schema,
    documents: [],
    config: { ...shared, ...config },
    plugins: [{ typescript: {} }, { typescriptResolvers: {} }],
    pluginMap: { typescript, typescriptResolvers },
  });
  // A type that is only passed on must say so, or the file could not be loaded by a runtime that strips types.
  return ending(content.replaceAll(/^export \{ (\w+) \};$/gm, 'export type { $1 };'));
}

async function generateOperations(schema: DocumentNode, documents: Operation[]): Promise<string> {
  const content = await codegen({
    filename: 'operations.ts',
    schema,
    documents,
    config: {
      ...shared,
      documentMode: 'string',
      scalars: { DateTime: 'string', ID: 'string' },
      unstable_onExecutableDocumentNode: (document: DocumentNode) => ({ hash: idOf(textOf(document)) }),
    },
    plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
    pluginMap: { typescriptOperations, typedDocumentNode },
  });
  return ending(content.replaceAll(/(new TypedDocumentString\()`([^`]*)`/g, asRegistered));
}

/** The plugin joins a document and its fragments with white space of its own, and a text is known by its hash. */
function asRegistered(_call: string, before: string, text: string): string {
  const registered = textOf(parse(text.replaceAll('\\\\', '\\')));
  return `${before}\`${registered.replaceAll('\\', '\\\\')}\``;
}

/** In the format of Apollo's persisted query manifests, which other clients' tools write too. */
function manifestOf(documents: readonly Operation[]): string {
  const operations = documents.map(({ location, document }) => {
    const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operation?.kind !== Kind.OPERATION_DEFINITION || !operation.name) {
      throw new Error(`${basename(location)}: an operation that clients send needs a name.`);
    }
    const body = textOf(document);
    return { id: idOf(body), name: operation.name.value, type: operation.operation, body };
  });
  return ending(
    JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2),
  );
}

/** The text that clients send, and whose hash registers it. */
function textOf(document: DocumentNode): string {
  return print(document);
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function ending(text: string): string {
  return `${text.trimEnd()}\n`;
}
