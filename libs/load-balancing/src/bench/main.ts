import { measurePickCost } from './pick-cost.ts';
import { runSeeds } from './seeded-runs.ts';

/** Prints the figures of the balancer itself. Run alone: `npm run bench -w libs/load-balancing`. */
const pickers = ['peak_ewma', 'least_request', 'round_robin', 'consistent_hash'] as const;
for (const picker of pickers) {
  for (const instances of [3, 20]) {
    const nanoseconds = measurePickCost(picker, instances);
    process.stdout.write(
      `${picker}, ${instances} instances: ${nanoseconds.toFixed(0)} ns per pick and completion\n`,
    );
  }
}
const { runs, seconds, calls, failed, withFailures } = runSeeds(10_000);
process.stdout.write(
  `${runs} seeded runs: ${seconds.toFixed(1)} s, ${calls} calls, ${failed} failed in ${withFailures.length} runs\n`,
);
if (withFailures.length > 0) process.stdout.write(`seeds: ${withFailures.slice(0, 20).join(' ')}\n`);
