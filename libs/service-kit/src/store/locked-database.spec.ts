import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { systemClock } from '@bff/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { makeNote, noteType, type Note } from '../testing/test-note.ts';
import { openDatabase } from './open-database.ts';
import { ResourceStore } from './resource-store.ts';

describe('a database in which a frozen replica holds the lock', () => {
  let folder: ReturnType<typeof createTemporaryFolder>;
  let store: ResourceStore<Note>;
  let frozen: DatabaseSync;
  beforeEach(async () => {
    folder = createTemporaryFolder();
    const file = join(folder.path, 'notes.db');
    const opened = await openDatabase({ url: `sqlite:${file}`, schema: 'notes' });
    store = new ResourceStore({ opened, type: noteType, clock: systemClock, schema: 'notes' });
    await store.prepare();
    frozen = new DatabaseSync(file);
    frozen.exec('begin immediate');
  });
  afterEach(async () => {
    frozen.close();
    await store.close();
    folder.remove();
  });

  it('goes on reading, and writes when the lock is free', async () => {
    let written = false;
    const write = store.insert(makeNote()).then(() => (written = true));
    for (let look = 0; look < 5; look++) {
      await store.ping();
      // Other work of the process has its turn all the while.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(written).toBe(false);
    frozen.exec('rollback');
    await write;
    expect(written).toBe(true);
  });
});
