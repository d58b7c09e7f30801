import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BookedOrder, BookedPart, Books } from './read-books.ts';

const run = promisify(execFile);

/** As docker/postgres names the databases, and each service its schema. */
const databases = [
  ['orders', 'order_service'],
  ['payments', 'payment_service'],
  ['shipments', 'shipping_service'],
] as const;

/** The same as `readBooks`, out of the databases in a PostgreSQL container. */
export async function readPostgresBooks(container: string, customerId: string): Promise<Books> {
  const read = async ([database, schema]: readonly [string, string]): Promise<BookedPart[]> => {
    const query = `select order_id, status from ${schema}.resources where customer_id = '${customerId}'`;
    const psql = [
      'psql',
      '--username',
      'bff',
      '--dbname',
      database,
      '--csv',
      '--tuples-only',
      '--command',
      query,
    ];
    const { stdout } = await run('docker', ['exec', container, ...psql], { maxBuffer: 64_000_000 });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [orderId = '', status = ''] = line.split(',');
        return { orderId, status };
      });
  };
  const [orders, payments, shipments] = await Promise.all(databases.map(read));
  return { orders: (orders ?? []) as BookedOrder[], payments: payments ?? [], shipments: shipments ?? [] };
}
