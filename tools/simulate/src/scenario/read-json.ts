import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CommandError } from '../command/command-error.ts';
import { errorCode } from '../command/error-code.ts';
import { describeIssues } from './describe-issues.ts';

/** Reads a JSON file of the user's. `shownAs` names it in errors; throws a `CommandError` that says what is wrong where. */
export async function readJson<T>(
  path: string,
  schema: z.ZodType<T>,
  shownAs: string,
  kind: string,
): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(
      1,
      `${shownAs} cannot be read (${errorCode(cause)}); give the path of a ${kind}.`,
      cause,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(1, `${shownAs} is not JSON: ${messageOf(cause)}.`, cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CommandError(1, `${shownAs} is not a valid ${kind}:\n${describeIssues(parsed.error)}`);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
