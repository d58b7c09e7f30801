import { AppError, openChild, throwIfEnded, type Clock, type Context } from '@bff/core';
import type { AnswerCache, CachedAnswer } from '../cache/answer-cache.ts';
import type { Part } from './part.ts';
import { runWithin } from './run-within.ts';
import { failedOutcome, toSourceError } from './source-error.ts';
import type { SourceOutcome } from './source-outcome.ts';
import type { StartSpan } from './span.ts';
import type { AnySource, OnSource, SourceInput, UntypedInputs } from './source.ts';

export interface RunOptions<Request> {
  sources: readonly AnySource<Request>[];
  request: Request;
  clock: Clock;
  budgetShare: number;
  onSource: OnSource | undefined;
  cache: AnswerCache | undefined;
  startSpan: StartSpan | undefined;
}

export interface RunResult {
  /** By source: the value of a required one, the `Part` of an optional one. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: readonly SourceOutcome[];
}

interface Run<Request> extends RunOptions<Request> {
  /** The caller's context. */
  readonly context: Context;
  /** The narrower one that all sources share; cancelled when a required source fails. */
  readonly budget: Context;
  readonly outcomes: Map<string, SourceOutcome>;
}

/** Runs all sources of a plan; see `Plan.run`. */
export async function runPlan<Request>(options: RunOptions<Request>, context: Context): Promise<RunResult> {
  throwIfEnded(context);
  const { sources, clock, budgetShare } = options;
  const scope = openChild(context, { clock, timeoutMs: context.deadline.remainingMs() * budgetShare });
  const run: Run<Request> = { ...options, context, budget: scope.context, outcomes: new Map() };
  const results = new Map<string, Promise<unknown>>();
  for (const source of sources) {
    results.set(source.name, runSource(source, results, run));
  }
  try {
    // The first failure of a required source ends the run; `runSource` of an optional one fails only with the run.
    const values = await Promise.all(results.values());
    return {
      values: Object.fromEntries(sources.map(({ name }, index) => [name, values[index]])),
      sources: sources.flatMap(({ name }) => run.outcomes.get(name) ?? []),
    };
  } catch (thrown) {
    scope.cancel(new AppError('cancelled', 'Another part of the answer failed.'));
    throw thrown;
  } finally {
    scope.close();
  }
}

async function runSource<Request>(
  source: AnySource<Request>,
  results: ReadonlyMap<string, Promise<unknown>>,
  run: Run<Request>,
): Promise<unknown> {
  // Without needs there is nothing to wait for: all such sources start in the same turn of the event loop.
  const inputs = source.needs.length === 0 ? {} : await awaitInputs(source, results, run);
  const input = { request: run.request, inputs };
  if (!source.when(input)) {
    report(run, skipped(source.name));
    return { ok: false, code: 'skipped' } satisfies Part<unknown>;
  }
  return loadSource(source, input, run);
}

async function awaitInputs<Request>(
  source: AnySource<Request>,
  results: ReadonlyMap<string, Promise<unknown>>,
  run: Run<Request>,
): Promise<UntypedInputs> {
  try {
    const values = await Promise.all(source.needs.map(async (name) => results.get(name)));
    return Object.fromEntries(source.needs.map((name, index) => [name, values[index]]));
  } catch (thrown) {
    report(run, skipped(source.name));
    throw thrown;
  }
}

async function loadSource<Request>(
  source: AnySource<Request>,
  input: SourceInput<Request, UntypedInputs>,
  run: Run<Request>,
): Promise<unknown> {
  const { name, isRequired } = source;
  const { clock } = run;
  const startedAt = clock.now();
  const span = run.startSpan?.(`source ${name}`, run.budget);
  const end = (outcome: Ended, failure?: AppError) => {
    report(run, { source: name, durationMs: clock.now() - startedAt, ...outcome }, failure);
    span?.end(failure);
  };
  try {
    const { value, ageMs, stale } = await fetchAnswer(source, input, run, span?.context ?? run.budget);
    end({ status: stale ? 'stale' : 'ok', code: undefined, ...(ageMs > 0 && { ageMs }) });
    return isRequired ? value : ({ ok: true, value, ...(stale && { stale }) } satisfies Part<unknown>);
  } catch (thrown) {
    const reason = reasonToGiveUp(run);
    if (reason) {
      end({ status: 'cancelled', code: reason.code }, reason);
      throw reason;
    }
    const error = toSourceError(name, thrown);
    end(failedOutcome(error), AppError.from(thrown));
    const value = source.fallback(error, input);
    if (value === undefined && isRequired) throw error;
    if (value === undefined) return { ok: false, code: error.code } satisfies Part<unknown>;
    return isRequired ? value : ({ ok: true, value, stale: true } satisfies Part<unknown>);
  }
}

type Ended = Omit<SourceOutcome, 'source' | 'durationMs'>;

/** The cache stands above the time limit, so that an older answer can take the place of one that came too late. */
async function fetchAnswer<Request>(
  source: AnySource<Request>,
  input: SourceInput<Request, UntypedInputs>,
  { cache, clock }: Run<Request>,
  context: Context,
): Promise<CachedAnswer<unknown>> {
  const { name, cache: rule, timeoutMs = Infinity } = source;
  const load = (within: Context) =>
    runWithin(timeoutMs, clock, within, (narrower) => source.load(input, narrower));
  if (!cache || !rule) return { value: await load(context), ageMs: 0, stale: false };
  return cache.read({ name, rule, input, load }, context);
}

/** Set when nobody waits for the answer any more. The budget's own end is not such a reason: the answer goes out then. */
function reasonToGiveUp<Request>({ context, budget }: Run<Request>): AppError | undefined {
  if (context.signal.aborted) return AppError.from(context.signal.reason);
  if (!budget.signal.aborted) return undefined;
  const reason = AppError.from(budget.signal.reason);
  return reason.code === 'deadline_exceeded' ? undefined : reason;
}

function skipped(source: string): SourceOutcome {
  return { source, status: 'skipped', code: undefined, durationMs: 0 };
}

function report<Request>(run: Run<Request>, outcome: SourceOutcome, error?: AppError): void {
  run.outcomes.set(outcome.source, outcome);
  run.onSource?.(outcome, error, run.context);
}
