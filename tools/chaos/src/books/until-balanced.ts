import type { Clock } from '@bff/core';
import { checkBooks, type Findings, type Purchase } from './check-books.ts';
import type { Books } from './read-books.ts';

/** What is under way is finished, or undone, by whoever finds it within so many milliseconds. */
const limitMs = 15_000;
const pauseMs = 500;

/** What is wrong with the books once nothing is under way any more. */
export async function untilBalanced(
  read: () => Promise<Books>,
  purchases: readonly Purchase[],
  clock: Clock,
): Promise<Findings> {
  const giveUpAt = clock.now() + limitMs;
  for (;;) {
    const findings = checkBooks(await read(), purchases);
    const isBalanced = Object.values(findings).every((found: readonly string[]) => found.length === 0);
    if (isBalanced || clock.now() >= giveUpAt) return findings;
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
  }
}
