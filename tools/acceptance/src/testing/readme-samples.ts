import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningStack } from './running-stack.ts';
import { workspaceRoot } from './workspace.ts';

/**
 * A command of a Markdown file with the answer that stands below it:
 *
 *     <!-- readme-test level=2 -->
 *
 *     ```sh
 *     curl …
 *     ```
 *
 *     ```json
 *     {"orderId": …}
 *     ```
 *
 * Text may stand between the two. The stack's default ports are written; a test runs the command on its own.
 */
export interface ReadmeSample {
  /** Where the command gives this answer; `level=2,3,4` in the marker. */
  levels: number[];
  /** Line of the command in the file, for the name of the test. */
  line: number;
  command: string;
  /** Language of the answer: `json` is compared as JSON with the order of its members, the rest letter by letter. */
  language: string;
  answer: string;
}

const pattern =
  /^<!-- readme-test level=([\d,]+) -->\s*\n```sh\n([\s\S]*?)\n```\n(?:(?!```|<!-- readme-test)[\s\S])*?^```(\w+)\n([\s\S]*?)\n```$/gm;

/** Throws for a marker that has no command and answer below it: such a sample would never be tested. */
export function findReadmeSamples(markdown: string): ReadmeSample[] {
  const samples = [...markdown.matchAll(pattern)].map((match): ReadmeSample => {
    const [, levels = '', command = '', language = '', answer = ''] = match;
    const line = markdown.slice(0, match.index).split('\n').length;
    return { levels: levels.split(',').map(Number), line, command, language, answer };
  });
  const markers = markdown.match(/^<!-- readme-test\b/gm)?.length ?? 0;
  if (markers !== samples.length) {
    throw new Error(
      `${markers} readme-test markers, but only ${samples.length} have a sh block and an answer.`,
    );
  }
  return samples;
}

/** The samples of the README for one level. */
export function readmeSamples(level: number): ReadmeSample[] {
  const markdown = readFileSync(join(workspaceRoot, 'README.md'), 'utf8');
  return findReadmeSamples(markdown).filter(({ levels }) => levels.includes(level));
}

/** Runs the command of a sample against `stack`; returns what it printed and what the README says, made comparable. */
export async function runSample(
  { command, language, answer }: ReadmeSample,
  stack: RunningStack,
): Promise<{ printed: string; expected: string }> {
  const onItsPorts = command.replaceAll(
    /127\.0\.0\.1:80(\d\d)\b/g,
    (_, last: string) => `127.0.0.1:${stack.portBase + Number(last)}`,
  );
  const { stdout, stderr, status } = await stack.run(onItsPorts);
  const printed = status === 0 ? stdout : `exit status ${String(status)}: ${stdout}${stderr}`;
  return { printed: comparable(printed, language), expected: comparable(answer, language) };
}

function comparable(text: string, language: string): string {
  if (language !== 'json') return text.trimEnd();
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
