import type { Context } from './context.ts';

/** One operation, whatever carries it. */
export type Call<Req, Res> = (request: Req, context: Context) => Promise<Res>;

/** Wraps a call with one concern: retry, timeout, accounting. The one extension shape. */
export type Filter<Req, Res> = (next: Call<Req, Res>) => Call<Req, Res>;

/** Stacks filters around a call; the first one listed is the outermost. */
export function stack<Req, Res>(filters: readonly Filter<Req, Res>[], call: Call<Req, Res>): Call<Req, Res> {
  return filters.reduceRight((next, filter) => filter(next), call);
}
