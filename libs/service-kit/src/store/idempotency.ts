import { createHash } from 'node:crypto';
import { AppError } from '@bff/core';
import type { DatabaseTransaction } from './tables.ts';

/** Whose key it is: another user's, or another operation's, is another key. */
export interface IdempotencyScope {
  /** The user. */
  subject: string;
  /** `CreateOrder`. */
  operation: string;
  key: string;
}

/** What makes a write repeatable: who said it, under which key, and what exactly. */
export interface IdempotentRequest extends IdempotencyScope {
  /** The request's bytes; the same key with other bytes is refused. */
  request: Uint8Array;
}

/** A caller has so many milliseconds to repeat a request. */
export const idempotencyLifetimeMs = 24 * 60 * 60 * 1_000;

/** So much longer a key is known, though not answered: whoever was away for days may still withdraw what he began. */
const withdrawableMs = 6 * 24 * 60 * 60 * 1_000;

/** Stands in the place of a request's fingerprint when its key is closed. */
const withdrawn = 'withdrawn';

/** What was answered before, or undefined. Throws `idempotency_key_reused` when the key stands for another request. */
export async function findAnswer(
  trx: DatabaseTransaction,
  request: IdempotentRequest,
  now: number,
): Promise<string | undefined> {
  const known = await trx
    .selectFrom('idempotency')
    .select(['fingerprint', 'document'])
    .where('scope', '=', scopeOf(request))
    .where('expire_time', '>', now)
    .executeTakeFirst();
  if (known?.fingerprint === withdrawn) {
    throw new AppError(
      'failed_precondition',
      'What this idempotency key stands for was withdrawn. Use a new key for a new request.',
    );
  }
  if (known && known.fingerprint !== hash(request.request)) {
    throw new AppError(
      'idempotency_key_reused',
      'This idempotency key was used for another request. Use a new key for a new request.',
    );
  }
  return known?.document;
}

/** Keeps the answer in the transaction of the write itself: there is never one without the other. */
export async function keepAnswer(
  trx: DatabaseTransaction,
  request: IdempotentRequest,
  document: string,
  now: number,
): Promise<void> {
  await keep(trx, request, { fingerprint: hash(request.request), document }, now);
}

/** What was ever answered under the key, however long ago; undefined for nothing. */
export async function findAnswered(
  trx: DatabaseTransaction,
  scope: IdempotencyScope,
): Promise<string | undefined> {
  const known = await trx
    .selectFrom('idempotency')
    .select('document')
    .where('scope', '=', scopeOf(scope))
    .executeTakeFirst();
  return known?.document || undefined;
}

/** Closes the key: a request with it is refused from now on. `document` is what was answered, for a second withdrawal. */
export async function closeKey(
  trx: DatabaseTransaction,
  scope: IdempotencyScope,
  document: string | undefined,
  now: number,
): Promise<void> {
  await keep(trx, scope, { fingerprint: withdrawn, document: document ?? '' }, now);
}

async function keep(
  trx: DatabaseTransaction,
  scope: IdempotencyScope,
  known: { fingerprint: string; document: string },
  now: number,
): Promise<void> {
  const columns = { ...known, expire_time: now + idempotencyLifetimeMs };
  await trx
    .insertInto('idempotency')
    .values({ scope: scopeOf(scope), ...columns })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(columns))
    .execute();
}

export async function forgetExpiredAnswers(trx: DatabaseTransaction, now: number): Promise<void> {
  await trx
    .deleteFrom('idempotency')
    .where('expire_time', '<=', now - withdrawableMs)
    .execute();
}

function scopeOf({ subject, operation, key }: IdempotencyScope): string {
  return hash(JSON.stringify([subject, operation, key]));
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
