import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { CommandError } from '../command/command-error.ts';
import type { Surroundings } from '../command/command.ts';
import { runningState } from '../sign-in.ts';
import type { ControlLine, ControlRequest } from './control-server.ts';

/** Asks the running launcher for a change and shows how it goes on; resolves with the exit status. Throws a `CommandError`. */
export async function askLauncher(
  command: ControlRequest,
  { paths, terminal }: Surroundings,
): Promise<number> {
  runningState(paths);
  const answer = await send(paths.controlSocket, command);
  // Made here and not in the callback: lines that come before anybody iterates are lost.
  for await (const text of createInterface({ input: answer })) {
    const line = JSON.parse(text) as ControlLine;
    if ('line' in line) terminal.line(line.line);
    else if (line.error !== undefined)
      throw new CommandError(line.error, { exitStatus: line.exitStatus === 2 ? 2 : 1 });
    else return line.exitStatus;
  }
  throw new CommandError('The launcher ended before the change was complete.');
}

async function send(socketPath: string, command: ControlRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: 'POST', path: '/' }, resolve);
    sent.once('error', (cause) => {
      reject(
        new CommandError('The launcher of the running stack does not answer; start it again.', { cause }),
      );
    });
    sent.end(JSON.stringify(command));
  });
}
