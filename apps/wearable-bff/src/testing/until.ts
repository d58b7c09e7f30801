import { setImmediate } from 'node:timers/promises';

/** Waits, turn by turn of the event loop, until `holds`; fails after two seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 2_000;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`It did not come to pass: ${holds.toString()}`);
    await setImmediate();
  }
}
