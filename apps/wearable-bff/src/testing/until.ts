import { setImmediate } from 'node:timers/promises';

/** Waits, turn by turn of the event loop, until `holds`; fails after `limitMs`. */
export async function until(holds: () => boolean, limitMs = 2_000): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`It did not come to pass: ${holds.toString()}`);
    await setImmediate();
  }
}
