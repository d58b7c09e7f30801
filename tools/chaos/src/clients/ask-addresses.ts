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

  /** Another one than those; of the others the first that has not failed of late. */
  const choose = (refused: ReadonlySet<string>, last: string | undefined): string => {
    const now = clock.now();
    const open = addresses.filter((address) => !refused.has(address));
    const others = open.filter((address) => address !== last);
    const candidates = others.length > 0 ? others : open;
    return candidates.find((address) => (avoidedUntil.get(address) ?? 0) <= now) ?? candidates[0] ?? '';
  };
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  return async ({ repeatable, send }) => {
    const refused = new Set<string>();
    const details: string[] = [];
    let last: string | undefined;
    for (let attempts = 1; ;) {
      last = choose(refused, last);
      const attempt = await send(last);
      if (attempt.kind === 'done') {
        const { value, isPartial = false } = attempt;
        return { ok: true, final: true, attempts, value, ...(isPartial && { isPartial }) };
      }
      details.push(attempt.detail);
      const detail = details.join('; ');
      if (attempt.kind === 'refused') return { ok: false, final: true, attempts, detail };
      // Something at this address is wrong: the next requests go elsewhere for a while.
      avoidedUntil.set(last, clock.now() + avoidMs);
      // Nobody was asked, so that asking at the next address is no repetition, until there is none.
      if (attempt.kind === 'unsent' && refused.add(last).size < addresses.length) continue;
      if (attempts >= maxAttempts || (attempt.kind === 'unclear' && !repeatable)) {
        return { ok: false, final: false, attempts, detail };
      }
      refused.clear();
      const backOffMs = firstPauseMs * 3 ** (attempts++ - 1) * (1 + 2 * random());
      await pause(Math.max(backOffMs, attempt.kind === 'unclear' ? (attempt.retryAfterMs ?? 0) : 0));
    }
  };
}
