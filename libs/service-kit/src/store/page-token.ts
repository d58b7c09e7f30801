import { createHash } from 'node:crypto';
import { AppError } from '@bff/core';

/** The filters of a list; a page token is good for the same ones only. */
export interface ListFilters {
  orderIds?: readonly string[] | undefined;
  customerId?: string | undefined;
  status?: string | undefined;
}

/** Says where the next page starts. Opaque to clients; it gives no access that the filters would not. */
export function encodePageToken(position: number, filters: ListFilters): string {
  return Buffer.from(`${position}.${hashFilters(filters)}`).toString('base64url');
}

/** The position after which the page starts. Throws `invalid_argument` for anything that `encodePageToken` did not make for these filters. */
export function decodePageToken(token: string, filters: ListFilters): number {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const [, position, hash] = /^([1-9]\d{0,14})\.([\w-]{16})$/.exec(text) ?? [];
  if (position === undefined || encodePageToken(Number(position), filters) !== token) {
    const other = hash !== undefined && hash !== hashFilters(filters);
    throw invalidToken(other ? 'belongs to a list with other filters' : 'is not a token from a list');
  }
  return Number(position);
}

function invalidToken(message: string): AppError {
  return new AppError('invalid_argument', 'The page token cannot be used; start again at the first page.', {
    faults: [{ field: 'pageToken', message }],
  });
}

function hashFilters({ orderIds, customerId, status }: ListFilters): string {
  return createHash('sha256')
    .update(JSON.stringify([orderIds ?? null, customerId ?? null, status ?? null]))
    .digest('base64url')
    .slice(0, 16);
}
