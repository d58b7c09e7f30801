import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { CommandError } from '../command/command-error.ts';
import type { Report, StackChanges } from './change-stack.ts';

/** What is asked of a running launcher. */
export type ControlRequest =
  | { readonly do: 'scale'; readonly app: string; readonly replicas: number }
  /** Without `app`: every process. */
  | { readonly do: 'restart'; readonly app?: string };

/** One line of the answer; the last one says how it ended. */
export type ControlLine =
  { readonly line: string } | { readonly exitStatus: 0 | 1 | 2; readonly error?: string };

/**
 * Takes commands on a socket in the stack's folder, which only its owner may enter. Answers in lines of JSON as the
 * work goes on. Returns what ends it.
 */
export async function startControlServer(path: string, changes: StackChanges): Promise<() => void> {
  // Of a launcher that was killed.
  rmSync(path, { force: true });
  const server = createServer((request, response) => void answer(request, response, changes));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, readableAll: false, writableAll: false }, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
    rmSync(path, { force: true });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  changes: StackChanges,
): Promise<void> {
  const write = (line: ControlLine) => void response.write(`${JSON.stringify(line)}\n`);
  try {
    await perform((await json(request)) as ControlRequest, changes, (line) => write({ line }));
    write({ exitStatus: 0 });
  } catch (error) {
    const known = error instanceof Error ? error.message : String(error);
    write({ exitStatus: error instanceof CommandError ? error.exitStatus : 1, error: known });
  }
  response.end();
}

function perform(command: ControlRequest, changes: StackChanges, report: Report): Promise<void> {
  switch (command.do) {
    case 'scale':
      return changes.scale(command.app, command.replicas, report);
    case 'restart':
      return changes.restart(command.app, report);
  }
}
