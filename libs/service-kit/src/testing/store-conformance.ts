import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, systemClock, type Clock } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { openDatabase } from '../store/open-database.ts';
import { ResourceStore } from '../store/resource-store.ts';
import { rejectionOf } from './rejection-of.ts';
import { makeNote, noteType, type Note } from './test-note.ts';

/** A database of one test, which any number of stores may open. */
export interface TestDatabase {
  url: string;
  remove(): Promise<void> | void;
}

const schema = 'store_test';

/** What the store promises on either database. Two stores on one database stand for two replicas. */
export function describeStoreConformance(
  name: string,
  createDatabase: () => Promise<TestDatabase> | TestDatabase,
): void {
  describe(`resource store on ${name}`, () => {
    let database: TestDatabase;
    let opened: ResourceStore<Note>[];
    beforeEach(async () => {
      database = await createDatabase();
      opened = [];
    });
    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await database.remove();
    });
    const openStore = async (options: { clock?: Clock; keptChanges?: number } = {}) => {
      const { clock = systemClock, ...rest } = options;
      const store = new ResourceStore({
        opened: await openDatabase({ url: database.url, schema }),
        type: noteType,
        clock,
        schema,
        pollIntervalMs: 20,
        ...rest,
      });
      opened.push(store);
      await store.prepare();
      return store;
    };
    describeSharing(openStore);
    describeRecords(openStore);
    describeFeed(openStore);
  });
}

type OpenStore = (options?: { clock?: Clock; keptChanges?: number }) => Promise<ResourceStore<Note>>;

const close = ({ noteId, ...note }: Note) => ({ value: { noteId, ...note, status: 'closed' } });

function describeSharing(openStore: OpenStore): void {
  it('is prepared by any number of replicas at once, and seeded by one of them', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore()));
    const notes = Array.from({ length: 120 }, (_, index) =>
      makeNote()({ id: `not_${String(index + 1).padStart(4, '0')}`, revision: 0 }),
    );
    const seeded = await Promise.all(stores.map((store) => store.seed(notes)));
    expect(seeded.filter(Boolean)).toHaveLength(1);
    const next = await stores[0]!.insert(makeNote());
    expect(next).toMatchObject({ noteId: 'not_0121', revision: 121 });
    await expect(stores[1]!.get('not_0120')).resolves.toMatchObject({ revision: 120 });
    await expect(stores[2]!.seed(notes)).resolves.toBe(false);
  });

  it('gives ids and revisions once, whichever replica writes', async () => {
    const [a, b] = [await openStore(), await openStore()];
    const writes = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? a : b).insert(makeNote()));
    const notes = await Promise.all(writes);
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(notes.map(({ revision }) => revision).sort((x, y) => x - y)).toEqual(numbers);
    expect(new Set(notes.map(({ noteId }) => noteId)).size).toBe(60);
  });

  it('loses no update of concurrent transitions', async () => {
    const [a, b] = [await openStore(), await openStore()];
    const { noteId } = await a.insert(makeNote({ status: '0' }));
    const increment = (note: Note) => ({ value: { ...note, status: String(Number(note.status) + 1) } });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? a : b).transition(noteId, increment)),
    );
    await expect(b.get(noteId)).resolves.toMatchObject({ status: '40', revision: 41 });
  });

  it('hands what is due to one of two replicas', async () => {
    const clock = createManualClock();
    const [a, b] = [await openStore({ clock }), await openStore({ clock })];
    for (let index = 0; index < 20; index++) {
      await a.insert((identity) => ({
        ...makeNote()(identity),
        dueTime: new Date(clock.date().getTime() + 10),
      }));
    }
    await expect(a.changeDue(100, close)).resolves.toBe(0);
    await clock.advance(10);
    const counts = await Promise.all([a.changeDue(15, close), b.changeDue(15, close)]);
    expect(counts[0] + counts[1]).toBe(20);
    await expect(b.changeDue(100, close)).resolves.toBe(0);
    const { items } = await b.list({ filters: { status: 'closed' }, pageSize: 100 });
    expect(items).toHaveLength(20);
  });
}

function describeRecords(openStore: OpenStore): void {
  const request = (key: string, content = 'content') => ({
    subject: 'alice',
    operation: 'CreateNote',
    key,
    request: Buffer.from(content),
  });

  it('undoes all of a write that fails', async () => {
    const store = await openStore();
    const fail = () => {
      throw new AppError('failed_precondition', 'No.');
    };
    await expect(store.insert(fail, request('key'))).rejects.toMatchObject({ code: 'failed_precondition' });
    const { noteId } = await store.insert(makeNote(), request('key'));
    expect(noteId).toBe('not_0001');
    await expect(store.transition(noteId, fail)).rejects.toMatchObject({ code: 'failed_precondition' });
    await expect(store.get(noteId)).resolves.toMatchObject({ status: 'open', revision: 1 });
  });

  it('remembers answers for a day, under the operation as well as the user and the key', async () => {
    const clock = createManualClock();
    const [a, b] = [await openStore({ clock }), await openStore({ clock })];
    const first = await a.insert(makeNote(), request('key'));
    await expect(b.insert(makeNote(), request('key'))).resolves.toEqual(first);
    const reused = await rejectionOf(b.insert(makeNote(), request('key', 'other')));
    expect(reused.code).toBe('idempotency_key_reused');
    const other = await a.insert(makeNote(), { ...request('key'), operation: 'CopyNote' });
    expect(other.noteId).toBe('not_0002');
    await clock.advance(24 * 60 * 60 * 1_000);
    await expect(a.insert(makeNote(), request('key', 'other'))).resolves.toMatchObject({
      noteId: 'not_0003',
    });
    await expect(a.insert(makeNote(), request('key', 'other'))).resolves.toMatchObject({
      noteId: 'not_0003',
    });
  });
}

function describeFeed(openStore: OpenStore): void {
  it('shows watchers of one replica what another writes, in order and without a gap', async () => {
    const [writer, reader] = [await openStore(), await openStore()];
    const controller = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { revision } of reader.watch({ sinceRevision: 0 }, controller.signal)) {
        seen.push(revision);
        if (seen.length === 150) return;
      }
    })();
    const replicas = [writer, reader, await openStore()];
    await Promise.all(Array.from({ length: 150 }, (_, index) => replicas[index % 3]!.insert(makeNote())));
    await watching;
    expect(seen).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  });

  it('keeps nothing for a slow watcher: it reads on where it stands', async () => {
    const store = await openStore();
    const changes = store.watch({ sinceRevision: 0 }, new AbortController().signal);
    const { noteId } = await store.insert(makeNote());
    await expect(changes.next()).resolves.toMatchObject({ value: { revision: 1 } });
    for (let count = 0; count < 250; count++) {
      await store.transition(noteId, (note) => ({ value: { ...note, status: `s${count}` } }));
    }
    for (let revision = 2; revision <= 251; revision++) {
      await expect(changes.next()).resolves.toMatchObject({ value: { revision } });
    }
  });

  it('ends watchers with the reason of their signal, and all of them when it is closed', async () => {
    const store = await openStore();
    const controller = new AbortController();
    const cancelled = rejectionOf(store.watch({ sinceRevision: 0 }, controller.signal).next());
    const closed = rejectionOf(store.watch({ sinceRevision: 0 }, new AbortController().signal).next());
    controller.abort(new AppError('cancelled', 'The client went away.'));
    expect((await cancelled).code).toBe('cancelled');
    await store.close();
    expect((await closed).code).toBe('unavailable');
  });

  it('forgets old changes, and tells a watcher that would miss some', async () => {
    const clock = createManualClock();
    const store = await openStore({ clock, keptChanges: 5 });
    for (let count = 0; count < 20; count++) await store.insert(makeNote());
    await clock.advance(60_000);
    await store.insert(makeNote());
    const { signal } = new AbortController();
    expect((await rejectionOf(store.watch({ sinceRevision: 10 }, signal).next())).code).toBe(
      'failed_precondition',
    );
    await expect(store.watch({ sinceRevision: 16 }, signal).next()).resolves.toMatchObject({
      value: { revision: 17 },
    });
    await expect(store.watch({ sinceRevision: 0 }, signal).next()).resolves.toMatchObject({
      value: { revision: 17 },
    });
  });
}
