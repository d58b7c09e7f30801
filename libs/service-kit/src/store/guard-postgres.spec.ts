import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { sql } from 'kysely';
import { openPostgres } from './open-postgres.ts';

const disposals: (() => Promise<void>)[] = [];

/** Takes connections and says nothing, as an address does behind which nobody is any more. */
async function openSilentServer() {
  const sockets: Socket[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((socket) => {
    // The client goes away without a word.
    socket.on('error', () => undefined);
    sockets.push(socket.resume());
    arrivals.emit('socket');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  disposals.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { sockets, arrivals, port: (server.address() as AddressInfo).port };
}

describe('a PostgreSQL that is away', () => {
  afterEach(async () => {
    for (const dispose of disposals.splice(0).reverse()) await dispose();
  });

  it('is waited for once; after that everybody is refused at once, and it is tried every 250 ms', async () => {
    const { sockets, arrivals, port } = await openSilentServer();
    const clock = createManualClock();
    const url = `postgres://tester@127.0.0.1:${String(port)}/test`;
    const { db, close } = openPostgres({ url, schema: 'test', clock });
    disposals.push(close);
    const ask = () =>
      sql`select 1`.execute(db).then(
        () => 'answered',
        (error: unknown) => String(error),
      );

    const startedAt = performance.now();
    expect(await ask()).toMatch(/timeout/);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(sockets).toHaveLength(1);

    await clock.advance(249);
    await Promise.all(Array.from({ length: 20 }, ask));
    expect(sockets).toHaveLength(1);

    await clock.advance(1);
    const arrived = once(arrivals, 'socket');
    const refusedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, ask));
    expect(performance.now() - refusedAt).toBeLessThan(500);
    await arrived;
    expect(sockets).toHaveLength(2);
  });
});
