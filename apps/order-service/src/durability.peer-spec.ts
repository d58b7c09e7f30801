import { fileURLToPath } from 'node:url';
import { createPostgresDatabase, describeDurability } from '@bff/service-kit/testing';

describeDurability('PostgreSQL', {
  mainFile: fileURLToPath(new URL('main.ts', import.meta.url)),
  createDatabase: createPostgresDatabase,
});
