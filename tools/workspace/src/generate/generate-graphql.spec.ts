import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findGraphqlProjects, findStaleGraphqlFiles, writeGraphqlFiles } from './generate-graphql.ts';

const codegen = {
  schema: 'schema.graphql',
  resolvers: {
    output: 'generated/resolver-types.ts',
    contextType: '../context.ts#Context',
    mappers: { Note: '../note.ts#NoteView' },
    scalars: {},
    enumValues: {},
  },
  operations: {
    documents: 'operations',
    output: 'generated/operations.ts',
    manifest: 'generated/manifest.json',
  },
};
const schema = 'type Query { note(id: ID!): Note }\ntype Note { id: ID! text: String! }\n';
const operation =
  'query ReadNote($id: ID!) { note(id: $id) { ...Words } }\nfragment Words on Note { text }\n';

describe('code from an SDL', () => {
  let workspaceRoot = '';
  const project = () => ({ workspaceRoot, projectRoot: 'apps/notes' });
  const path = (name: string) => join(workspaceRoot, 'apps/notes', name);
  const write = async (name: string, text: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  };

  beforeEach(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'graphql-'));
    await write('codegen.json', JSON.stringify(codegen));
    await write('schema.graphql', schema);
    await write('operations/read-note.graphql', operation);
  });
  afterEach(() => rm(workspaceRoot, { recursive: true }));

  it('is made for projects with a codegen.json, and current right after that', async () => {
    expect(findGraphqlProjects(workspaceRoot)).toEqual(['apps/notes']);
    const files = ['manifest.json', 'operations.ts', 'resolver-types.ts'];
    const paths = files.map((name) => `apps/notes/generated/${name}`);
    expect(await findStaleGraphqlFiles(project())).toEqual(paths);
    expect(await writeGraphqlFiles(project())).toEqual(paths);
    expect(await findStaleGraphqlFiles(project())).toEqual([]);
  });

  it('is stale when the schema has changed', async () => {
    await writeGraphqlFiles(project());
    await write('schema.graphql', schema.replace('text: String!', 'text: String! title: String'));
    expect(await findStaleGraphqlFiles(project())).toEqual(['apps/notes/generated/resolver-types.ts']);
  });

  it('knows an operation by the hash of the very text that is sent, fragments included', async () => {
    await writeGraphqlFiles(project());
    const manifest = JSON.parse(await readFile(path('generated/manifest.json'), 'utf8'));
    const [{ id, name, type, body }] = manifest.operations;
    expect([name, type]).toEqual(['ReadNote', 'query']);
    expect(id).toBe(createHash('sha256').update(body).digest('hex'));
    const client = await readFile(path('generated/operations.ts'), 'utf8');
    expect(client).toContain(`\`${body}\``);
    expect(client).toContain(`"hash":"${id}"`);
  });

  it('is refused for an operation without a name, or one that does not fit the schema', async () => {
    await write('operations/read-note.graphql', '{ note(id: "1") { text } }');
    await expect(writeGraphqlFiles(project())).rejects.toThrow('read-note.graphql');
    await write('operations/read-note.graphql', 'query Wrong { nothing }');
    await expect(writeGraphqlFiles(project())).rejects.toThrow('nothing');
  });
});
