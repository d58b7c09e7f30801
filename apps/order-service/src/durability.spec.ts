import { fileURLToPath } from 'node:url';
import { createTemporaryFolder, describeDurability } from '@bff/service-kit/testing';

describeDurability('SQLite', {
  mainFile: fileURLToPath(new URL('main.ts', import.meta.url)),
  createDatabase: () => {
    const folder = createTemporaryFolder();
    return { url: `sqlite:${folder.path}/orders.db`, remove: folder.remove };
  },
});
