import type { SourceOutcome } from '@bff/aggregation';

export interface SourceView {
  /** `payment`, `shipment`. */
  source: string;
  /** `unavailable`, `timeout`; `stale` for a part that is there, but old. */
  status: string;
  /** Why the part is missing. */
  code?: string;
}

export interface Meta {
  /** What is not as it should be; empty when the answer is complete and fresh. */
  sources: SourceView[];
}

/** Names every source that was asked for and is not simply there. */
export function presentMeta(sources: readonly SourceOutcome[]): Meta {
  return {
    sources: sources
      .filter(({ status }) => status !== 'ok' && status !== 'skipped')
      .map(({ source, status, code }) => ({ source, status, ...(code && { code }) })),
  };
}

/** Is everything there that was asked for? */
export function isComplete({ sources }: Meta): boolean {
  return sources.every(({ status }) => status === 'stale');
}
