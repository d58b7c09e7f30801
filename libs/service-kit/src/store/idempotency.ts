import { createHash } from 'node:crypto';
import { AppError } from '@bff/core';
import type { DatabaseTransaction } from './tables.ts';

/** What makes a write repeatable: who said it, under which key, and what exactly. */
export interface IdempotentRequest {
  /** The user; another user's key is another key. */
  subject: string;
  /** `CreateOrder`. */
  operation: string;
  key: string;
  /** The request's bytes; the same key with other bytes is refused. */
  request: Uint8Array;
}

/** A caller has so many milliseconds to repeat a request. */
export const idempotencyLifetimeMs = 24 * 60 * 60 * 1_000;

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
  const answer = {
    fingerprint: hash(request.request),
    document,
    expire_time: now + idempotencyLifetimeMs,
  };
  await trx
    .insertInto('idempotency')
    .values({ scope: scopeOf(request), ...answer })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(answer))
    .execute();
}

export async function forgetExpiredAnswers(trx: DatabaseTransaction, now: number): Promise<void> {
  await trx.deleteFrom('idempotency').where('expire_time', '<=', now).execute();
}

function scopeOf({ subject, operation, key }: IdempotentRequest): string {
  return hash(JSON.stringify([subject, operation, key]));
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
