import { createPostgresDatabase } from '../testing/postgres-database.ts';
import { describeStoreConformance } from '../testing/store-conformance.ts';

describeStoreConformance('PostgreSQL', createPostgresDatabase);
