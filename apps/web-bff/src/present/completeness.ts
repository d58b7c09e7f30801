import type { SourceOutcome } from '@bff/aggregation';
import { z } from 'zod';

export const metaSchema = z.object({
  sources: z
    .array(
      z.object({
        source: z.string().meta({ examples: ['payment', 'shipment'] }),
        status: z
          .enum(['unavailable', 'timeout', 'stale'])
          .describe('`stale`: the part is there, but old; otherwise it is missing.'),
        code: z.string().optional().describe('Why the part is missing; codes are those of problems.'),
      }),
    )
    .describe('What is not as it should be; empty when the answer is complete and fresh.'),
});

export type Meta = z.output<typeof metaSchema>;

/** Names every source that was asked for and is not simply there. */
export function presentMeta(sources: readonly SourceOutcome[]): Meta {
  return {
    sources: sources.flatMap(({ source, status, code }) => {
      if (status === 'ok' || status === 'skipped') return [];
      // To the client it is all one why nobody waited for a source.
      const shown = status === 'cancelled' ? 'unavailable' : status;
      return [{ source, status: shown, ...(code && { code }) }];
    }),
  };
}

/** Is everything there that was asked for? */
export function isComplete({ sources }: Meta): boolean {
  return sources.every(({ status }) => status === 'stale');
}
