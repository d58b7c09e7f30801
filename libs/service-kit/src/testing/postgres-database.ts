import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from './store-conformance.ts';

/** A new database on the server of `TEST_POSTGRES_URL`. Without that variable it fails: a peer test that is skipped proves nothing. */
export async function createPostgresDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL'];
  if (server === undefined) {
    throw new Error(
      'TEST_POSTGRES_URL is missing; run this through libs/service-kit/peers/with-postgres.sh.',
    );
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => administer(server, `drop database ${name} with (force)`) };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
