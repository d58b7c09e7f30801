import { once } from 'node:events';
import { createServer } from 'node:net';

const offsets = [80, 81, 82, 83, 90, 181, 182, 183];
const firstBase = 10_000;
const lastBase = 19_000;

/** A `--port-base` whose entries nobody uses, so that tests never meet a stack that a developer runs. */
export async function findFreePortBase(): Promise<number> {
  for (;;) {
    const base = firstBase + 100 * Math.floor((Math.random() * (lastBase - firstBase)) / 100);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
