import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { describeStoreConformance } from '../testing/store-conformance.ts';

describeStoreConformance('SQLite', () => {
  const folder = createTemporaryFolder();
  return { url: `sqlite:${folder.path}/deeper/store.db`, remove: folder.remove };
});
