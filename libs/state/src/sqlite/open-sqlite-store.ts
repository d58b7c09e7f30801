import type { CancelTimer, Clock, RandomHex } from '@bff/core';
import { holdLease } from '../hold-lease.ts';
import type { Entry, KeyValueStore, ListedEntry } from '../key-value-store.ts';
import { notACounter } from '../store-unavailable.ts';
import { SqliteFile } from './sqlite-file.ts';
import { messageLifeMs, SqliteMessages } from './sqlite-messages.ts';

export interface SqliteStoreOptions {
  /** Path of the file, which the instances on this machine share; its folder is made. `:memory:` for one instance. */
  file: string;
  /** Apps that share a file keep apart by it. */
  namespace: string;
  clock: Clock;
  randomHex: RandomHex;
  /** How long an operation waits for another process's write before the store counts as away, in milliseconds. Default 500. */
  timeLimitMs?: number;
}

/** Between two sweeps of what has expired, in milliseconds. */
const sweepMs = 10_000;
/** A sweep holds the write lock; it takes this many rows at a time. */
const sweptAtOnce = 500;

const sql = {
  get: 'select value, version from entries where key = :key and expires_at > :now',
  set: `insert into entries (key, value, version, expires_at) values (:key, :value, :version, :until)
    on conflict (key) do update set value = excluded.value, version = excluded.version, expires_at = excluded.expires_at`,
  insert: `insert into entries (key, value, version, expires_at) values (:key, :value, :version, :until)
    on conflict (key) do update set value = excluded.value, version = excluded.version, expires_at = excluded.expires_at
    where entries.expires_at <= :now`,
  update: `update entries set value = :value, version = :version, expires_at = :until
    where key = :key and version = :expected and expires_at > :now`,
  delete: 'delete from entries where key = :key and expires_at > :now',
  deleteVersion: 'delete from entries where key = :key and expires_at > :now and version = :expected',
  list: `select key, value, version from entries
    where key >= :prefix and key < :end and key > :after and expires_at > :now order by key limit :limit`,
  increment: `insert into entries (key, value, version, expires_at) values (:key, :by, :version, :until)
    on conflict (key) do update set
      value = cast(case when expires_at <= :now then 0 else cast(value as integer) end + :by as text),
      version = :version,
      expires_at = case when expires_at <= :now then :until else expires_at end
    where expires_at <= :now or cast(cast(value as integer) as text) = value
    returning value`,
  forgetLease: 'delete from leases where name = :name and expires_at <= :now',
  takeLease: `insert into leases (name, holder, expires_at) values (:name, :holder, :until)
    on conflict (name) do nothing returning fence`,
  renewLease: `update leases set expires_at = :until where name = :name and holder = :holder and expires_at > :now`,
  dropLease: 'delete from leases where name = :name and holder = :holder',
  sweepEntries: `delete from entries where key in (select key from entries where expires_at <= :now limit ${sweptAtOnce})`,
  sweepLeases: 'delete from leases where expires_at <= :now',
  sweepMessages: 'delete from messages where published_at <= :before',
} as const;

/** No key that starts with the prefix comes after it. */
const lastCharacter = '\u{10FFFF}';

/** State in one SQLite file, for the instances of one machine. Never fails itself: a file that cannot be opened makes every call fail until it can be. */
export function openSqliteStore(options: SqliteStoreOptions): KeyValueStore {
  const { clock, randomHex } = options;
  const file = new SqliteFile({ timeLimitMs: 500, ...options });
  const messages = new SqliteMessages(file, clock);
  const now = () => clock.date().getTime();
  const newVersion = () => randomHex(12);
  const within = (name: string) => `${options.namespace}:${name}`;
  const stopSweeping = sweepRegularly(file, clock);

  return {
    async get(key) {
      return (await file.get(sql.get, { key: within(key), now: now() })) as Entry | undefined;
    },
    async set(key, value, { timeToLiveMs }) {
      const version = newVersion();
      await file.change(sql.set, { key: within(key), value, version, until: now() + timeToLiveMs });
      return version;
    },
    async compareAndSet(key, expected, value, { timeToLiveMs }) {
      const at = now();
      const version = newVersion();
      const values = { key: within(key), value, version, until: at + timeToLiveMs, now: at };
      const changed =
        expected === undefined
          ? await file.change(sql.insert, values)
          : await file.change(sql.update, { ...values, expected });
      return changed === 1 ? version : undefined;
    },
    async delete(key, expected) {
      const values = { key: within(key), now: now() };
      const changed =
        expected === undefined
          ? await file.change(sql.delete, values)
          : await file.change(sql.deleteVersion, { ...values, expected });
      return changed === 1;
    },
    async list(prefix, { limit, after = '' }) {
      const first = within(prefix);
      const values = { prefix: first, end: first + lastCharacter, after: within(after), limit, now: now() };
      const rows = (await file.all(sql.list, values)) as unknown as ListedEntry[];
      return rows.map(({ key, ...entry }) => ({ key: key.slice(within('').length), ...entry }));
    },
    async increment(key, by, { timeToLiveMs }) {
      const at = now();
      const values = {
        key: within(key),
        by: String(by),
        version: newVersion(),
        until: at + timeToLiveMs,
        now: at,
      };
      const row = await file.get(sql.increment, values);
      if (!row) throw notACounter(key);
      return Number(row['value']);
    },
    async acquireLease(name, { timeToLiveMs }) {
      const holder = newVersion();
      const askedAt = clock.now();
      const row = await file.getAfter(sql.forgetLease, sql.takeLease, {
        first: { name: within(name), now: now() },
        second: { name: within(name), holder, until: now() + timeToLiveMs },
      });
      if (!row) return undefined;
      const renew = async () => {
        const values = { name: within(name), holder, now: now(), until: now() + timeToLiveMs };
        return (await file.change(sql.renewLease, values)) === 1;
      };
      const giveBack = () => file.change(sql.dropLease, { name: within(name), holder });
      return holdLease({ clock, askedAt, fence: Number(row['fence']), timeToLiveMs, renew, giveBack });
    },
    publish: (channel, message) => messages.publish(within(channel), message),
    subscribe: (channel, subscription) => messages.subscribe(within(channel), subscription),
    async close() {
      stopSweeping();
      messages.close();
      await file.close();
    },
  };
}

function sweepRegularly(file: SqliteFile, clock: Clock): CancelTimer {
  let cancel: CancelTimer = () => undefined;
  let stopped = false;
  const sweep = async () => {
    const now = clock.date().getTime();
    while (!stopped && (await file.change(sql.sweepEntries, { now })) === sweptAtOnce);
    await file.change(sql.sweepLeases, { now });
    await file.change(sql.sweepMessages, { before: now - messageLifeMs });
  };
  const later = () => {
    cancel = clock.after(sweepMs, () => {
      // Another process sweeps, too; what this one could not it does next time.
      void sweep()
        .catch(() => undefined)
        .then(() => {
          if (!stopped) later();
        });
    });
  };
  later();
  return () => {
    stopped = true;
    cancel();
  };
}
