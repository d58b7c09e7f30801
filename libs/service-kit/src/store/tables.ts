import type { Kysely, Transaction } from 'kysely';

/** Times are milliseconds since 1970 in UTC, documents are JSON text: the same on both databases. */
export interface Tables {
  resources: ResourceTable;
  changes: ChangeTable;
  idempotency: IdempotencyTable;
  counters: CounterTable;
}

interface ResourceTable {
  id: string;
  /** Order of creation; lists are sorted and paged by it. */
  position: number;
  customer_id: string;
  order_id: string;
  status: string;
  /** When the service itself has something to do with the resource; null for never. */
  due_time: number | null;
  document: string;
}

/** What the resource was after each change; what watchers read. */
interface ChangeTable {
  revision: number;
  id: string;
  customer_id: string;
  order_id: string;
  document: string;
}

interface IdempotencyTable {
  /** Hash of the caller, the operation and the caller's key. */
  scope: string;
  /** Hash of the request. */
  fingerprint: string;
  /** What was answered. */
  document: string;
  expire_time: number;
}

/**
 * One row. Every write locks it first and changes it last, so writes happen one after the other
 * and revisions become visible in their order, on PostgreSQL too.
 */
interface CounterTable {
  name: string;
  revision: number;
  sequence: number;
}

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;
