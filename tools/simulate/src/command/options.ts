import { parseArgs } from 'node:util';
import type { PickerKind, PolicyOverrides } from '@bff/load-balancing';
import { mergePolicies } from '../run/merge-policies.ts';
import { pickers } from '../scenario/tuning-schema.ts';
import { CommandError } from './command-error.ts';
import { readPolicy } from './read-policy.ts';

const mostRuns = 10_000;
/** More columns cannot be read side by side. */
const mostPickers = 4;

export interface SimulateOptions {
  readonly scenario: string | undefined;
  readonly pickers: readonly PickerKind[];
  readonly policy: PolicyOverrides;
  readonly seed: number | undefined;
  readonly runs: number;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Reads the command line. Throws a `CommandError` of wrong usage that says what is wrong. */
export async function readOptions(args: readonly string[], directory: string): Promise<SimulateOptions> {
  const { values, positionals } = parse(args);
  const [scenario, surplus] = positionals;
  if (surplus !== undefined) throw wrong(`"${surplus}" is one too many: one scenario at a time.`);
  if (values.picker !== undefined && values.compare !== undefined) {
    throw wrong('--picker and --compare exclude each other.');
  }
  const named = readPickers(
    values.compare?.split(',') ?? (values.picker === undefined ? [] : [values.picker]),
  );
  const policies = await Promise.all((values.policy ?? []).map((value) => readPolicy(value, directory)));
  const { picker, ...policy } = mergePolicies(...policies);
  if (picker !== undefined && named.length > 0) {
    throw wrong('The policy names a picker, and --picker or --compare another: give one of them.');
  }
  return {
    scenario,
    pickers: picker === undefined ? named : [picker],
    policy,
    seed: values.seed === undefined ? undefined : readNumber('--seed', values.seed, 0, 0xffff_ffff),
    runs: readNumber('--runs', values.runs, 1, mostRuns),
    out: values.out,
    json: values.json,
    list: values.list,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        picker: { type: 'string' },
        compare: { type: 'string' },
        policy: { type: 'string', multiple: true },
        seed: { type: 'string' },
        runs: { type: 'string', default: '1' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s|\n/, 1);
    throw new CommandError(2, `${first.replace(/\.$/, '')}; --help lists the options.`, cause);
  }
}

function readPickers(names: readonly string[]): PickerKind[] {
  const found = names.map((name) => {
    const picker = pickers.find((candidate) => candidate === name.trim());
    if (picker === undefined) throw wrong(`There is no picker "${name}"; there are ${pickers.join(', ')}.`);
    return picker;
  });
  if (found.length > mostPickers) throw wrong(`At most ${mostPickers} pickers can be compared at once.`);
  if (new Set(found).size < found.length) throw wrong('--compare names a picker twice.');
  return found;
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw wrong(`${option} must be a whole number from ${least} to ${most}, is "${text}".`);
}

function wrong(message: string): CommandError {
  return new CommandError(2, message);
}
