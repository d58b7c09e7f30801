import { callWithFaults } from './call-with-faults.ts';

/** A million calls with faults and what is left of them: `npm run leaks -w libs/upstream -- [CALLS]`. Needs `--expose-gc`. */
const calls = Number(process.argv[2] ?? 1_000_000);
const steps = 5;
const heaps: number[] = [];
let left = 0;
for (let step = 1; step <= steps; step++) {
  const { pending, timers, outcomes } = await callWithFaults(calls / steps);
  left += pending + timers;
  // Timers and promises of the last calls settle first.
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.gc?.();
  const heapMb = process.memoryUsage().heapUsed / 1_048_576;
  heaps.push(heapMb);
  process.stdout.write(
    `${(calls / steps) * step} calls: heap ${heapMb.toFixed(1)} MB, ${pending} leases, ${timers} timers, ${JSON.stringify(outcomes)}\n`,
  );
}
const growthMb = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0);
process.stdout.write(`heap grew by ${growthMb.toFixed(2)} MB after the first two steps\n`);
process.exitCode = left > 0 || growthMb > 1 ? 1 : 0;
