import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '@bff/core';
import { readArguments, usage, UsageError, type Arguments } from './command/read-arguments.ts';
import { runSuite } from './run-suite.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');

/** What a process that these have ended is expected to say: 128 and the signal's number. */
const statuses: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Standard output belongs to the table. */
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(process.argv.slice(2), availableParallelism());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message} --help lists the options.\n`);
    return 2;
  }
  if (given.help) {
    say(usage);
    return 0;
  }
  const ended = new AbortController();
  for (const signal of Object.keys(statuses)) {
    process.once(signal, () => {
      ended.abort(signal);
    });
  }
  const running = runSuite({
    ...given,
    workspaceRoot,
    environment: process.env,
    clock: systemClock,
    random: Math.random,
    nextKey: randomUUID,
    say,
    signal: ended.signal,
  });
  const { summaries, misses } = await running.catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
    const signal = String(ended.signal.reason);
    process.stderr.write(`Ended by ${signal}; the stack is stopped.\n`);
    process.exit(statuses[signal]);
  });
  if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(summaries, null, 2)}\n`);
  // The control is meant to fail.
  return misses === 0 || given.level < 3 ? 0 : 1;
}

// The clock's timers do not keep a process alive; waiting for containers is nothing but timers.
setInterval(() => undefined, 60_000);
process.exit(await main());
