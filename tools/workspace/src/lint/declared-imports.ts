import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from 'eslint';

const projectFolder = /^.*\/(?:apps|libs|tools)\/[^/]+(?=\/)/;
const workspacePackage = /^@bff\/[^/]+/;

interface ImportNode {
  source?: { type: string; value?: unknown } | null;
}

/**
 * An ESLint rule: a project imports a package of this workspace only if its own `package.json` names it.
 * npm links every workspace package at the root, so an undeclared one resolves all the same;
 * `banTransitiveDependencies` looks at third-party packages alone.
 */
export const declaredImports: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      undeclared:
        'Name "{{name}}" in the dependencies of {{manifest}} and run `npx nx sync`, or do not import it.',
    },
  },
  create(context) {
    const [folder] = projectFolder.exec(context.filename) ?? [];
    if (folder === undefined) return {};
    const manifest = join(folder, 'package.json');
    const declared = readDeclared(manifest);
    const check = (node: Rule.Node) => {
      const source = (node as ImportNode).source?.value;
      const [name] = (typeof source === 'string' && workspacePackage.exec(source)) || [];
      if (name === undefined || declared.has(name)) return;
      context.report({
        node,
        messageId: 'undeclared',
        data: { name, manifest: manifest.slice(context.cwd.length + 1) },
      });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

function readDeclared(manifest: string): Set<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as Partial<
    Record<string, Record<string, string>>
  >;
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}
