import { randomBytes } from 'node:crypto';
import {
  createCheckout,
  createSealer,
  type Checkout,
  type CheckoutPorts,
  type CheckoutStore,
} from '@bff/aggregation';
import { createInternalTokenMinter, parsePrivateJwk } from '@bff/auth';
import { Secret, systemClock } from '@bff/core';
import { openState, type KeyValueStore } from '@bff/state';
import { createServices, type Services } from '@bff/upstream';

/** What an instance of a BFF needs to write: the same for all of them. */
export interface BffSettings {
  readonly urls: Readonly<Record<'orders' | 'payments' | 'shipments', string>>;
  /** Private JWK (JSON) that signs internal tokens. */
  readonly signingKey: string;
  readonly stateFile: string;
  /** Instead of the file. */
  readonly redisUrl?: string;
  readonly journalKey: string;
  /** After so long interrupted work is undone instead of finished; the usual time unless given. */
  readonly patienceMs?: number;
}

export interface BffWrites {
  readonly checkout: Checkout;
  readonly ports: Services['ports'];
  readonly store: KeyValueStore;
  close(): Promise<void>;
}

/** Short enough for a test to wait for, long enough for a process on a busy machine to renew its lease. */
const times = { leaseMs: 750, recoveryIntervalMs: 200, stepTimeoutMs: 2_000 };

/** The writing half of a BFF, as its composition root wires it; `around` stands between it and what it uses. */
export async function openBffWrites(
  { urls, signingKey, stateFile, redisUrl, journalKey, patienceMs }: BffSettings,
  around: <T extends object>(name: string, target: T) => T = (_, target) => target,
): Promise<BffWrites> {
  const clock = systemClock;
  const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
  const store = await openState({
    redisUrl: redisUrl === undefined ? undefined : new Secret(redisUrl),
    file: stateFile,
    namespace: 'bff',
    clock,
    randomHex,
  });
  const minter = createInternalTokenMinter({ signingKey: parsePrivateJwk(signingKey), caller: 'bff', clock });
  const services = createServices({
    urls,
    clock,
    random: Math.random,
    timeoutMs: 1_500,
    internalToken: (principal, audience) => minter.mint(principal, audience),
  });
  const ports: CheckoutPorts = {
    orders: around('orders', services.ports.orders),
    payments: around('payments', services.ports.payments),
    shipments: around('shipments', services.ports.shipments),
  };
  const checkout = createCheckout({
    ports,
    store: around<CheckoutStore>('store', store),
    sealer: createSealer([Buffer.from(journalKey, 'base64')]),
    clock,
    random: Math.random,
    randomHex,
    times: { ...times, ...(patienceMs !== undefined && { patienceMs }) },
  });
  return {
    checkout,
    ports: services.ports,
    store,
    async close() {
      await checkout.close();
      await services.close();
      await store.close();
    },
  };
}
