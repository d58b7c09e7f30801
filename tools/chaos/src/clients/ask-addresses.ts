import type { Clock } from '@bff/core';
import type { Attempt, Outcome } from './attempt.ts';

export interface AskAddressesOptions {
  /** The addresses of one entry, the preferred one first. */
  addresses: readonly string[];
  clock: Clock;
  random: () => number;
}

/** Asks one of an entry's addresses, and another when that is of use. */
export type AskAddresses = <T>(request: {
  readonly repeatable: boolean;
  send: (address: string) => Promise<Attempt<T>>;
}) => Promise<Outcome<T>>;

/** As docs/clients.md has it: two repetitions, 50 to 150 ms before the first, three times as long before the second. */
const maxAttempts = 3;
const firstPauseMs = 50;
/** How long an address that failed is left alone. */
const avoidMs = 3_000;

/** The client side of fault tolerance, exactly as docs/clients.md tells the authors of clients, and nothing beyond it. */
export function createAskAddresses({ addresses, clock, random }: AskAddressesOptions): AskAddresses {
  const avoidedUntil = new Map<string, number>();

  const choose = (tried: readonly string[]): string => {
    const now = clock.now();
    const fresh = addresses.filter((address) => !tried.includes(address));
    const candidates = fresh.length > 0 ? fresh : addresses;
    return candidates.find((address) => (avoidedUntil.get(address) ?? 0) <= now) ?? candidates[0] ?? '';
  };
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  return async ({ repeatable, send }) => {
    const tried: string[] = [];
    for (;;) {
      const address = choose(tried);
      tried.push(address);
      const attempt = await send(address);
      const attempts = tried.length;
      if (attempt.kind === 'done') return { ok: true, final: true, attempts, value: attempt.value };
      if (attempt.kind === 'refused') return { ok: false, final: true, attempts, detail: attempt.detail };
      // Something at this address is wrong: the next requests go elsewhere for a while.
      avoidedUntil.set(address, clock.now() + avoidMs);
      if (attempts >= maxAttempts || (attempt.kind === 'unclear' && !repeatable)) {
        return { ok: false, final: false, attempts, detail: attempt.detail };
      }
      if (attempt.kind === 'unsent') continue;
      const backOffMs = firstPauseMs * 3 ** (attempts - 1) * (1 + 2 * random());
      await pause(Math.max(backOffMs, attempt.retryAfterMs ?? 0));
    }
  };
}
