import type { Client } from '../clients/client.ts';
import type { Source } from './open-loop.ts';

/** Requests per second, all clients together: 200, of which 14 purchases. */
const readsPerSecond = 62;
const purchasesPerSecond = 7;

/** The load of three clients. `nextKey` makes the idempotency keys. */
export function createSources(clients: readonly Client[], nextKey: () => string): Source[] {
  return clients.flatMap((client) => {
    const reads: Source = {
      operation: `${client.name} read`,
      ratePerSecond: readsPerSecond,
      send: () => ({ outcome: client.read() }),
    };
    const { buy } = client;
    if (!buy) return [reads];
    const purchases: Source = {
      operation: `${client.name} buy`,
      ratePerSecond: purchasesPerSecond,
      send: () => {
        const key = nextKey();
        return { key, outcome: buy(key) };
      },
    };
    return [reads, purchases];
  });
}
