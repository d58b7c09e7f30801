import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the configuration, at once; the message is written for the person who starts the process. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${String(problems.length)} configuration ${problems.length === 1 ? 'error' : 'errors'}:\n` +
        problems.map((problem) => `  ${problem}`).join('\n'),
    );
    this.problems = problems;
  }
}

/**
 * Reads an app's configuration from its environment. Each variable `X` may instead be given as `X_FILE`,
 * the path of a file that holds the value (for secrets). Empty values count as not given.
 *
 * Throws a `ConfigurationError` that lists every fault with its variable and what is allowed.
 */
export function readConfiguration<S extends z.ZodObject>(
  schema: S,
  environment: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): z.output<S> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  const unreadable = new Set<string>();
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = readVariable(name, environment, readFile);
      if (value !== undefined) values[name] = value;
    } catch (error) {
      unreadable.add(name);
      problems.push((error as Error).message);
    }
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0] ?? '');
    if (!unreadable.has(name)) problems.push(explain(name, values[name], issue.message, schema));
  }
  throw new ConfigurationError(problems);
}

function readVariable(
  name: string,
  environment: Environment,
  readFile: (path: string) => string,
): string | undefined {
  const value = environment[name];
  const path = environment[`${name}_FILE`];
  if (value && path) throw new Error(`${name}: is given twice; unset either ${name} or ${name}_FILE.`);
  if (!path) return value === '' ? undefined : value;
  try {
    return readFile(path).trim();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new Error(`${name}_FILE: cannot read ${path} (${reason}); give the path of a readable file.`, {
      cause,
    });
  }
}

function explain(name: string, value: string | undefined, message: string, schema: z.ZodObject): string {
  if (value === undefined) return `${name}: is missing. ${descriptionOf(schema, name)}`.trimEnd();
  const shown = isSecret(name) ? '' : `, is "${value.slice(0, 80)}"`;
  return `${name}: ${message}${shown}.`;
}

function isSecret(name: string): boolean {
  return /KEY|JWK|SECRET|PASSWORD|TOKEN/.test(name) || name === 'DATABASE_URL';
}

function descriptionOf(schema: z.ZodObject, name: string): string {
  const field: unknown = schema.shape[name];
  return field instanceof z.ZodType ? (field.description ?? '') : '';
}

/** The variables of an app as the Markdown table of its README; a test compares the two. */
export function configurationTable(schema: z.ZodObject): string {
  const rows = Object.keys(schema.shape).map((name) => {
    const fallback = z.safeParse(schema.shape[name] as z.ZodType, undefined);
    const given = fallback.success && fallback.data !== undefined;
    const shown = given ? `\`${String(fallback.data)}\`` : fallback.success ? '–' : 'required';
    return `| \`${name}\` | ${shown} | ${descriptionOf(schema, name)} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
