import { priorities } from '@bff/admission';
import { z } from 'zod';
import { strictObject } from './strict-object.ts';
import { admissionSchema, policySchema } from './tuning-schema.ts';

const moment = z.number().nonnegative();
const duration = z.number().positive();
const share = z.number().min(0).max(1);
const count = z.int().positive();

const serviceTime = z.discriminatedUnion('kind', [
  strictObject({ kind: z.literal('constant'), ms: duration }),
  strictObject({ kind: z.literal('normal'), meanMs: duration, sdMs: moment }),
  strictObject({
    kind: z.literal('lognormal'),
    medianMs: duration,
    sigma: moment.describe('Of the logarithm: 0.3 is even, 1 has a long tail.'),
  }),
]);

const times = {
  fromMs: moment.exactOptional().describe('Default: from the start.'),
  untilMs: moment.exactOptional().describe('Default: to the end.'),
  periodMs: duration.exactOptional().describe('It comes and goes, for half of this each.'),
};

const fault = z.discriminatedUnion('kind', [
  strictObject({
    kind: z.literal('dead').describe('What it had is reset, what comes is refused.'),
    ...times,
  }),
  strictObject({ kind: z.literal('frozen').describe('It accepts and says nothing.'), ...times }),
  strictObject({
    kind: z.literal('draining').describe('SIGTERM: it finishes what it has and refuses what comes.'),
    ...times,
  }),
  strictObject({
    kind: z.literal('slow'),
    factor: duration.exactOptional().describe('So many times slower.'),
    fixedMs: duration.exactOptional().describe('As slow as that.'),
    ...times,
  }),
  strictObject({
    kind: z.literal('failing'),
    answer: z.enum(['server_error', 'overloaded']),
    afterMs: moment,
    share: share.exactOptional().describe('Of the calls; default 1.'),
    retryAfterMs: moment.exactOptional(),
    ...times,
  }),
]);

const instance = strictObject({
  id: z.string().min(1),
  count: z.int().min(1).max(100).exactOptional().describe('So many of them: a, count 3 is a1, a2, a3.'),
  weight: duration.exactOptional(),
  serviceTime,
  concurrency: count.exactOptional().describe('Calls worked on at the same time. Default: no limit.'),
  queueLimit: z.int().nonnegative().exactOptional().describe('Calls that may wait. Default: no limit.'),
  startsAtMs: moment.exactOptional().describe('When discovery learns of it. Default: from the start.'),
  stopsAtMs: moment.exactOptional().describe('When discovery drops it. Default: never.'),
  faults: z.array(fault).exactOptional(),
});

const variant = strictObject({
  name: z.string().min(1),
  policy: policySchema.exactOptional().describe("On top of the scenario's own."),
  admission: z
    .union([z.literal(false), admissionSchema])
    .exactOptional()
    .describe("Instead of the scenario's own; false: no limiter."),
});

/** A scenario file. Times are in milliseconds of virtual time from the start. */
export const scenarioFileSchema = strictObject({
  $schema: z.string().exactOptional(),
  title: z.string().min(1).describe('One line: what happens.'),
  seed: z.int().nonnegative().exactOptional().describe('Default 1.'),
  durationMs: z.number().min(1_000).max(3_600_000),
  ratePerSecond: z.number().positive().max(100_000).describe('Calls come whatever becomes of them.'),
  arrivals: z.enum(['poisson', 'constant']).exactOptional().describe('Default poisson.'),
  surges: z
    .array(strictObject({ fromMs: moment, untilMs: moment, factor: duration }))
    .exactOptional()
    .describe('When so many times more calls come.'),
  priorities: z
    .partialRecord(z.enum(priorities), z.number().positive())
    .exactOptional()
    .describe('Relative shares of the calls. Default: all normal.'),
  timeoutMs: duration.exactOptional().describe('The caller gives up then. Default: never.'),
  attemptTimeoutMs: duration.exactOptional().describe('One attempt is cut off then. Default: never.'),
  goodWithinMs: duration.exactOptional().describe('A success counts as good within this.'),
  retries: strictObject({
    repeatableShare: share.exactOptional().describe('Of the calls; default 1.'),
  })
    .exactOptional()
    .describe('Left out: no retries.'),
  affinityKeys: count.exactOptional().describe('Calls carry a key, one of so many.'),
  policy: policySchema.exactOptional().describe('What is left out keeps its default.'),
  admission: admissionSchema
    .exactOptional()
    .describe('An adaptive concurrency limit in front of each instance; {} for its defaults.'),
  instances: z.array(instance).min(1),
  variants: z
    .array(variant)
    .min(1)
    .max(4)
    .exactOptional()
    .describe('Runs to compare, each with the same arrivals.'),
});

export type ScenarioFile = z.infer<typeof scenarioFileSchema>;
export type Variant = NonNullable<ScenarioFile['variants']>[number];
