import type { StackPaths } from '../prepare/stack-paths.ts';

/** Standard output and standard error, a line at a time. */
export interface Terminal {
  line(text: string): void;
  error(text: string): void;
}

/** What a command sees of the world. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly paths: StackPaths;
  readonly terminal: Terminal;
}

export interface Command {
  readonly usage: string;
  /** Resolves with the exit status; throws a `CommandError`. */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>;
}
