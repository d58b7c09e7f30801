import { callWithFaults } from './call-with-faults.ts';
import { openRealInstances } from './call-real-instances.ts';

/**
 * A million calls with faults and what is left of them: `npm run leaks -w libs/upstream -- [CALLS] [fake|http|grpc]`.
 * `fake` is the stack over a transport that fails in every way there is, the others are real processes. Needs `--expose-gc`.
 */
const [given = '1000000', only] = process.argv.slice(2);
const calls = Number(given);
const steps = 5;
/** Allowed growth of the heap after the first two steps, in which pools and compiled code settle. */
const mostGrowthMb = { fake: 1, http: 2, grpc: 2 };
let misses = 0;

async function measure(
  over: keyof typeof mostGrowthMb,
  step: () => Promise<{ heapMb: number; left: object }>,
) {
  if (only !== undefined && only !== over) return;
  const heaps: number[] = [];
  for (let index = 1; index <= steps; index++) {
    const { heapMb, left } = await step();
    heaps.push(heapMb);
    process.stdout.write(
      `${over}: ${(calls / steps) * index} calls: heap ${heapMb.toFixed(1)} MB, ${JSON.stringify(left)}\n`,
    );
  }
  const growthMb = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0);
  if (growthMb > mostGrowthMb[over]) misses++;
  process.stdout.write(`${over}: heap grew by ${growthMb.toFixed(2)} MB after the first two steps\n`);
}

await measure('fake', async () => {
  const { pending, timers, outcomes } = await callWithFaults(calls / steps, Math.random);
  if (pending + timers > 0) misses++;
  // Timers and promises of the last calls settle first.
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.gc?.();
  return { heapMb: process.memoryUsage().heapUsed / 1_048_576, left: { pending, timers, outcomes } };
});
for (const protocol of ['http', 'grpc'] as const) {
  if (only !== undefined && only !== protocol) continue;
  const real = await openRealInstances(protocol, Math.random);
  await measure(protocol, async () => {
    const { heapMb, ...left } = await real.call(calls / steps);
    if (left.pending + left.listeners > 0) misses++;
    return { heapMb, left };
  });
  await real.close();
}
process.exitCode = misses > 0 ? 1 : 0;
