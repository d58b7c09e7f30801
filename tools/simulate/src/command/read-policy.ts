import { resolve } from 'node:path';
import { createPolicy, type PolicyOverrides } from '@bff/load-balancing';
import { describeIssues } from '../scenario/describe-issues.ts';
import { readJson } from '../scenario/read-json.ts';
import { policySchema } from '../scenario/tuning-schema.ts';
import { CommandError } from './command-error.ts';
import { shownPath } from './shown-path.ts';

/** `ejection.baseMs=500`, or the path of a JSON file with parts of a policy. Throws a `CommandError`. */
export async function readPolicy(value: string, directory: string): Promise<PolicyOverrides> {
  const [, name, text = ''] = /^([\w.]+)=(.*)$/.exec(value) ?? [];
  if (name !== undefined) return checked(parseValue(name, text), 2, `--policy ${value}`);
  const path = resolve(directory, value);
  const shownAs = shownPath(path, directory);
  return checked(await readJson(path, policySchema, shownAs, 'policy'), 1, shownAs);
}

function parseValue(name: string, text: string): PolicyOverrides {
  const value = text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  const [section = '', field] = name.split('.');
  const parsed = policySchema.safeParse({ [section]: field === undefined ? value : { [field]: value } });
  if (parsed.success) return parsed.data;
  throw new CommandError(2, `--policy ${name}=${text} makes no sense:\n${describeIssues(parsed.error)}`);
}

function checked(policy: PolicyOverrides, exitStatus: 1 | 2, shownAs: string): PolicyOverrides {
  try {
    createPolicy(policy);
  } catch (cause) {
    throw new CommandError(
      exitStatus,
      `${shownAs}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
  return policy;
}
