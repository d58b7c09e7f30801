import type { Clock } from '@bff/core';
import { startLoad, type Sample, type Source } from './open-loop.ts';

/** A cold process takes a multiple of the time of a warm one: at the full rate it would only pile up what it cannot do yet. */
const shares = [0.1, 0.25, 0.5, 1];
const stepMs = 2_000;
/** Warm is what has answered like this at the full rate for two steps on end, median, in milliseconds. */
const warmMs = 50;
/** A machine on which it never does is measured as it is. */
const mostFullSteps = 12;

/** Load that grows to the full rate, until it is answered as it will be; what was sent meanwhile. */
export async function warmUp(
  sourcesAt: (share: number) => readonly Source[],
  clock: Clock,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const step = async (share: number): Promise<number> => {
    const from = samples.length;
    const load = startLoad(sourcesAt(share), clock, (sample) => samples.push(sample));
    await new Promise<void>((resolve) => clock.after(stepMs, resolve));
    await load.stop();
    return median(samples.slice(from));
  };
  for (const share of shares) await step(share);
  for (let steps = 0, warm = 0; steps < mostFullSteps && warm < 2; steps++) {
    warm = (await step(1)) <= warmMs ? warm + 1 : 0;
  }
  return samples;
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
