/** Waits until `check` gives something other than undefined or false; throws when it takes too long. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  limitMs = 30_000,
  /** Between two checks; more than the default where each of them costs something. */
  pauseMs = 20,
): Promise<Exclude<T, undefined | false>> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (performance.now() > giveUpAt) throw new Error(`Waited ${limitMs} ms in vain: ${what}.`);
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}
