import type { TestDatabase } from './store-conformance.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** A SQLite file of one test. */
export function createSqliteDatabase(): TestDatabase {
  const folder = createTemporaryFolder();
  return { url: `sqlite:${folder.path}/service.db`, remove: folder.remove };
}
