import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { userEnvironment, workspaceRoot } from './workspace.ts';

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a shell command in the root of the workspace and waits for its end. */
export async function runCommand(
  command: string,
  environment: Record<string, string | undefined> = {},
): Promise<Finished> {
  const child = spawn('bash', ['-c', command], {
    cwd: workspaceRoot,
    env: { ...userEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}
