import { createFaults } from './fault.ts';
import { formatFigures, heading } from './format-figures.ts';
import { runFault } from './run-fault.ts';

/** Every fault over both protocols, again and again: `npm run faults -w libs/upstream -- [REPEATS] [FAULT]`. */
const [repeats = '20', only] = process.argv.slice(2);
let misses = 0;
process.stdout.write(`${heading}\n`);
for (const { name } of createFaults()) {
  if (only !== undefined && only !== name) continue;
  for (let repeat = 1; repeat <= Number(repeats); repeat++) {
    await Promise.all(
      (['http', 'grpc'] as const).map(async (protocol) => {
        const fault = createFaults().find((candidate) => candidate.name === name);
        if (!fault) return;
        const figures = await runFault({
          fault,
          protocol,
          ratePerSecond: 200,
          beforeMs: 1_000,
          faultMs: 2_000,
          afterMs: 1_000,
          timeoutMs: 2_000,
          random: Math.random,
        });
        const { failed, doubled, lost, sentTwice, pending } = figures;
        if (failed.length + doubled + lost + sentTwice + pending > 0) misses++;
        process.stdout.write(`${formatFigures(name, protocol, figures)}\n`);
      }),
    );
  }
}
process.stdout.write(`${misses} runs with a miss\n`);
process.exitCode = misses > 0 ? 1 : 0;
