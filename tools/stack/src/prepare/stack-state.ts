import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Entry } from '../topology/topology.ts';

export type ProcessStatus = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped';

/** One process as `state.json` shows it. */
export interface ProcessState {
  readonly name: string;
  readonly app: string;
  /** Null while there is none: between death and restart. */
  readonly pid: number | null;
  readonly url: string;
  /** `host:port` of a service's gRPC listener. */
  readonly grpc?: string;
  readonly admin: string;
  readonly status: ProcessStatus;
}

/** The running stack for tools and tests, which read it instead of guessing. */
export interface StackState {
  readonly level: number;
  readonly ready: boolean;
  /** Addresses per entry: URLs, and `host:port` where the entry speaks gRPC. */
  readonly entries: Readonly<Partial<Record<Entry, readonly string[]>>>;
  readonly processes: readonly ProcessState[];
}

/** Replaces the file in one step: a reader sees the old state or the new one. */
export function writeState(file: string, state: StackState): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(temporary, file);
}

/** Undefined when no stack runs. */
export function readState(file: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

export function removeState(file: string): void {
  rmSync(file, { force: true });
}
