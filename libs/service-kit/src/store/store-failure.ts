import { AppError } from '@bff/core';

/** `SQLITE_BUSY`, `LOCKED`, `IOERR`, `FULL`, `CANTOPEN`: the file cannot be used now. */
const sqliteAway = [5, 6, 10, 13, 14];
/** Connection, resources, operator intervention, rollback (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const postgresAway = ['08', '53', '57', '40'];

/** Runs work on the database; what the database throws becomes `unavailable` when it is away, else `internal`. */
export async function onDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError || !isAway(cause)) throw AppError.from(cause);
    throw new AppError('unavailable', 'The data cannot be reached at the moment. Try again.', { cause });
  }
}

function isAway(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { code, errcode, message } = thrown as { code?: unknown; errcode?: unknown; message?: unknown };
  if (typeof errcode === 'number') return sqliteAway.includes(errcode & 0xff);
  if (typeof code === 'string') return postgresAway.includes(code.slice(0, 2)) || /^E[A-Z]+$/.test(code);
  // pg's own messages have no code: «Connection terminated…», «timeout exceeded when trying to connect», «Query read timeout».
  return /connection terminated|timeout exceeded|timeout expired|read timeout|connection error/i.test(
    String(message),
  );
}
