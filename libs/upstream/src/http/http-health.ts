import type { Context } from '@bff/core';
import type { Pool } from 'undici';

/**
 * Asks for `path`. Any answer below 500 counts as well: 404 is that of a service which does not know the question,
 * and one that freezes or drains gives another answer or none.
 */
export async function checkHttpHealth(pool: Pool, path: string, context: Context): Promise<boolean> {
  const { statusCode, body } = await pool.request({ method: 'GET', path, signal: context.signal });
  await body.dump();
  return statusCode < 500;
}
