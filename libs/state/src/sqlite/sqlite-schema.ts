/**
 * `version` is random and not a count, so that a key that was deleted and written again is told from what it was.
 * `fence` is an AUTOINCREMENT key: it grows even after rows have gone.
 */
export const sqliteSchema = `
  create table if not exists entries (
    key text primary key,
    value text not null,
    version text not null,
    expires_at integer not null
  ) strict, without rowid;
  create index if not exists entries_by_expiry on entries (expires_at);
  create table if not exists leases (
    fence integer primary key autoincrement,
    name text not null unique,
    holder text not null,
    expires_at integer not null
  ) strict;
  create table if not exists messages (
    id integer primary key autoincrement,
    channel text not null,
    message text not null,
    published_at integer not null
  ) strict;
`;
