import { join } from 'node:path';
import ts from 'typescript';
import { libraryOf, type Resource } from './render-kustomization.ts';

/**
 * Fields that a kind does not have. A cluster drops such a field without a word and the published schemas allow it;
 * as a misspelt `readinessProbe` is worse than none, the kinds' types are asked, which refuse what they do not know.
 */
export function findUnknownFields(resources: readonly Resource[]): string[] {
  const file = join(import.meta.dirname, 'rendered-resources.ts');
  const source = resources.map(toStatement).join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2024) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ messageText, start = 0 }) => {
    const { kind, metadata } = resources[source.slice(0, start).split('\n').length - 1] ?? {};
    return `${kind ?? ''} ${metadata?.name ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** One line each, so that a line number names the object. */
function toStatement(resource: Resource): string {
  const { apiVersion, kind } = resource;
  const type = `import('${libraryOf(apiVersion)}/${apiVersion}/${kind}').I${kind}`;
  return `void (${JSON.stringify(resource)} satisfies ${type});`;
}
