import type { Client } from '../clients/client.ts';
import type { Source } from './open-loop.ts';

/** Of 200 requests a second, all clients together, 62 of each client are reads, and 14 are purchases. */
const readShare = 62 / 200;
const purchaseShare = 7 / 200;

/** The load of three clients at `rate` requests a second together. `nextKey` makes the idempotency keys. */
export function createSources(clients: readonly Client[], nextKey: () => string, rate = 200): Source[] {
  return clients.flatMap((client) => {
    const reads: Source = {
      operation: `${client.name} read`,
      ratePerSecond: readShare * rate,
      send: () => ({ outcome: client.read() }),
    };
    const { buy } = client;
    if (!buy) return [reads];
    const purchases: Source = {
      operation: `${client.name} buy`,
      ratePerSecond: purchaseShare * rate,
      send: () => {
        const key = nextKey();
        return { key, outcome: buy(key) };
      },
    };
    return [reads, purchases];
  });
}
