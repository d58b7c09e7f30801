import { describe, expect, it } from '@jest/globals';
import { createFaults } from './fault.ts';
import { formatFigures, heading } from './format-figures.ts';
import { runFault } from './run-fault.ts';

/**
 * The short form: one run of each fault, both protocols at once. `npm run faults -w libs/upstream` repeats them twenty
 * times, at the callers' usual deadline; here it is long, so that a busy machine is not taken for a fault.
 */
describe('two processes, one of which', () => {
  const lines = [heading];
  const faults = createFaults().map((fault) => [fault.name, fault] as const);

  it.each(faults)(
    'suffers %s: nothing that can be repeated fails, nothing is doubled or lost',
    async (name, fault) => {
      const [http, grpc] = await Promise.all(
        (['http', 'grpc'] as const).map((protocol) =>
          runFault({
            fault: createFaults().find((candidate) => candidate.name === fault.name) ?? fault,
            protocol,
            ratePerSecond: 100,
            beforeMs: 500,
            faultMs: 1_000,
            afterMs: 300,
            timeoutMs: 10_000,
            random: Math.random,
          }),
        ),
      );
      for (const [protocol, figures] of Object.entries({ http, grpc })) {
        if (!figures) throw new Error('There are no figures.');
        lines.push(formatFigures(name, protocol, figures));
        const { failed, doubled, lost, sentTwice, pending, offered } = figures;
        expect({ failed, doubled, lost, sentTwice, pending }).toEqual({
          failed: [],
          doubled: 0,
          lost: 0,
          sentTwice: 0,
          pending: 0,
        });
        expect(offered).toBe(180);
        // What was out when the first failure became known, after a pause of this process for instance, is beside the point.
        if (name === 'fast 500') expect(figures.avoidableFailures).toBeLessThanOrEqual(5);
      }
    },
    30_000,
  );

  it('prints its figures', () => {
    process.stdout.write(`${lines.join('\n')}\n`);
    expect(lines).toHaveLength(1 + 2 * faults.length);
  });
});
