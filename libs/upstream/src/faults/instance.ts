import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '@bff/core';

export interface InstanceSettings {
  readonly protocol: 'http' | 'grpc';
  /** 0 for any free one. */
  readonly port: number;
  /** Where instances of one service note what they get, and which keys they know; empty: nothing is noted. */
  readonly folder: string;
  readonly drainMs: number;
}

export interface Behaviour {
  /** How long an answer takes. */
  readonly delayMs: number;
  /** Answers with this, at once. */
  readonly failure?: { readonly code: ErrorCode; readonly retryAfterMs?: number };
  /** Cuts the connection instead of answering. */
  readonly cuts?: boolean;
  /** To so many of the calls that happens; left out: to all of them. */
  readonly share?: number;
}

/** A process that is an instance of a service. */
export interface Instance {
  readonly url: string;
  /** `127.0.0.1:41001`. */
  readonly id: string;
  behave(behaviour: Behaviour): void;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
}

const program = fileURLToPath(new URL('instance-process.ts', import.meta.url));

/** Starts an instance; resolves when it listens. */
export async function startInstance(settings: InstanceSettings): Promise<Instance> {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const url = await readUrl(child, ended);
  return {
    url,
    id: new URL(url).host,
    behave: (behaviour) => void child.send(behaviour),
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

async function readUrl(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const ready = once(child, 'message').then(([message]) => (message as { url: string }).url);
  const url = await Promise.race([ready, ended]);
  if (url === undefined) throw new Error('The instance ended before it was ready.');
  return url;
}
