import { readFile } from 'node:fs/promises';
import type { CancelTimer, Clock } from '@bff/core';
import type { Logger } from '@bff/observability';
import type { Environment } from './configuration.ts';

/**
 * Calls `use` with the text soon after the start (it may have changed since it was read) and whenever the file behind a variable that was given as `NAME_FILE` changes; until the
 * returned function is called. A variable that was given directly never changes. When `use` throws, the text is not
 * used, the log says so, and what was there before goes on being used.
 */
export type FollowVariable = (name: string, use: (text: string) => void) => CancelTimer;

export interface FollowOptions {
  environment: Environment;
  clock: Clock;
  logger: Logger;
  /** Between two looks at a file, in milliseconds. Default 1 000. */
  everyMs?: number;
  read?: (path: string) => Promise<string>;
}

/**
 * Keys are rotated by replacing files, without a restart. They are looked at again and again instead of watched:
 * Kubernetes replaces mounted secrets through symbolic links, which file notifications miss.
 */
export function createFollowVariable(options: FollowOptions): FollowVariable {
  const {
    environment,
    clock,
    logger,
    everyMs = 1_000,
    read = (path: string) => readFile(path, 'utf8'),
  } = options;
  return (name, use) => {
    const path = environment[`${name}_FILE`];
    if (!path) return () => undefined;
    let known: string | undefined;
    let stopped = false;
    let stopTimer: CancelTimer = () => undefined;

    const look = async () => {
      const text = await read(path).then(
        (content) => content.trim(),
        // Between two renames there may be no file for a moment; a file that stays away changes nothing.
        () => known,
      );
      if (stopped) return;
      if (text !== undefined && text !== known)
        replace(text, known === undefined ? 'is read' : 'has changed');
      known = text;
      stopTimer = clock.after(everyMs, () => void look());
    };
    const replace = (text: string, what: string) => {
      try {
        use(text);
        logger.debug({ variable: name }, `the file of a variable ${what}`);
      } catch (error) {
        logger.error(
          { variable: name, reason: (error as Error).message },
          'the changed file of a variable is not used',
        );
      }
    };
    void look();
    return () => {
      stopped = true;
      stopTimer();
    };
  };
}
