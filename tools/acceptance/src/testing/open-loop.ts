/** How one call of a client ended. */
export interface Answered {
  readonly critical: boolean;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What is not counted, while the limiter learns, in milliseconds. */
const warmUpMs = 1_500;

/** Calls at a constant rate, whatever becomes of them; resolves when every one has been answered. */
export async function offerRequests(
  call: (index: number) => Promise<Answered>,
  ratePerSecond: number,
  seconds: number,
) {
  const startedAt = performance.now();
  const calls: Promise<Answered>[] = [];
  for (;;) {
    const elapsedMs = Math.min(performance.now() - startedAt, seconds * 1_000);
    while (calls.length < (elapsedMs * ratePerSecond) / 1_000) calls.push(call(calls.length));
    if (elapsedMs >= seconds * 1_000) break;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const from = startedAt + warmUpMs;
  const until = startedAt + seconds * 1_000;
  const all = await Promise.all(calls);
  const good = all.filter(({ status, endedAt }) => status < 300 && endedAt >= from && endedAt < until);
  return {
    counted: all.filter((answered) => answered.startedAt >= from),
    goodPerSecond: (good.length * 1_000) / (until - from),
  };
}

/** How long these calls took, in milliseconds, of all but so many in a hundred. */
export function durationQuantile(calls: readonly Answered[], share: number): number {
  const durations = calls.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
  return durations[Math.min(durations.length - 1, Math.floor(share * durations.length))] ?? NaN;
}
