import type { Clock } from '@bff/core';
import type { ProcessState } from './running-stack.ts';

/** `/info` of a process that balances. */
interface Info {
  upstreams?: Record<string, { url: string; state: string }[]>;
}

const pauseMs = 50;
/** An instance that was set aside again and again comes back late; the next fault does not wait for that. */
const limitMs = 3_000;

/** Resolves when all instances of everything are sent requests by those in front of them, or after three seconds. */
export async function untilInUse(processes: readonly ProcessState[], clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + limitMs;
  await Promise.all(
    processes.map(async (front) => {
      while (clock.now() < giveUpAt && !(await usesAll(front)))
        await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    }),
  );
}

async function usesAll({ admin }: ProcessState): Promise<boolean> {
  try {
    const response = await fetch(`${admin}/info`, { signal: AbortSignal.timeout(1_000) });
    const { upstreams = {} } = (await response.json()) as Info;
    return Object.values(upstreams)
      .flat()
      .every(({ state }) => state === 'available');
  } catch {
    return false;
  }
}
