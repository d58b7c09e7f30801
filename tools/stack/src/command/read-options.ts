import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError } from './command-error.ts';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** Reads a command's options. Throws a `CommandError` of wrong usage: one line that names what is wrong. */
export function readOptions<const T extends OptionsConfig>(
  args: readonly string[],
  options: T,
  { allowPositionals = false } = {},
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals });
  } catch (cause) {
    throw new CommandError(`${firstSentence(cause)}; --help lists the options.`, { exitStatus: 2, cause });
  }
}

/** The value of an option that knows a few. Throws a `CommandError` of wrong usage. */
export function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const list = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1) ?? ''}`;
  throw new CommandError(`${option} must be ${list}, is "${value}".`, { exitStatus: 2 });
}

/** Node's own messages go on for several sentences. */
function firstSentence(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const [first = ''] = text.split(/\.\s|\n/, 1);
  return first.replaceAll("'", '"').replace(/\.$/, '');
}
