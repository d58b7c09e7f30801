import type { Clock } from '@bff/core';
import type { Client } from '../clients/client.ts';
import type { Sample } from '../load/open-loop.ts';
import type { Purchase } from './check-books.ts';

const limitMs = 30_000;
const pauseMs = 500;

/**
 * What each purchase came to in the end. One whose client was told nothing certain is asked for again with its key, as
 * its user would after a crash: the answer is the true outcome, and there is one within the time that recovery takes.
 */
export async function settlePurchases(
  samples: readonly Sample[],
  clients: readonly Client[],
  clock: Clock,
): Promise<Purchase[]> {
  const settled = samples.map(async ({ operation, key, outcome }) => {
    if (key === undefined) return [];
    const { value } = outcome.final ? outcome : await askAgain(clients, operation, key, clock);
    return [{ key, orderId: value as string | undefined }];
  });
  return (await Promise.all(settled)).flat();
}

async function askAgain(clients: readonly Client[], operation: string, key: string, clock: Clock) {
  const client = clients.find(({ name }) => operation.startsWith(name));
  const giveUpAt = clock.now() + limitMs;
  for (;;) {
    const outcome = await client?.buy?.(key);
    if (!outcome) throw new Error(`${operation} cannot buy.`);
    if (outcome.final || clock.now() > giveUpAt) return outcome;
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
  }
}
