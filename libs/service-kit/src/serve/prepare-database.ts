import { AppError, type CancelTimer, type Clock } from '@bff/core';

export interface PrepareDatabaseOptions {
  /** Creates what is missing; may be called again after it failed. */
  prepare: () => Promise<void>;
  /** Whether the database is somebody else's process, which comes and goes. A file that cannot be opened stays so. */
  mayBeAway: boolean;
  clock: Clock;
  /** Told once when the database is away at the start, for the log. */
  onAway?: (error: AppError) => void;
}

export interface PreparedDatabase {
  /** Throws what the last attempt failed with until the database is prepared. */
  assertPrepared(): void;
  stop(): void;
}

/** Between two attempts, in milliseconds. */
const pauseMs = 1_000;

/**
 * Prepares a service's database. One that is away does not end the service: it starts, is not ready, and tries again every second. Ended
 * and started again it would be held back for longer each time, on Kubernetes for up to five minutes after the database is there.
 * Throws whatever else is wrong, a password for instance.
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<PreparedDatabase> {
  const { prepare, mayBeAway, clock, onAway } = options;
  let failure = await attempt(prepare);
  let cancel: CancelTimer = () => undefined;
  const tryLater = () => {
    cancel = clock.after(pauseMs, () => {
      void attempt(prepare).then((result) => {
        failure = result;
        if (failure) tryLater();
      });
    });
  };
  if (failure) {
    if (!mayBeAway || failure.code !== 'unavailable') throw failure;
    onAway?.(failure);
    tryLater();
  }
  return {
    assertPrepared() {
      if (failure) throw failure;
    },
    stop() {
      cancel();
    },
  };
}

async function attempt(prepare: () => Promise<void>): Promise<AppError | undefined> {
  try {
    await prepare();
    return undefined;
  } catch (thrown) {
    return AppError.from(thrown);
  }
}
