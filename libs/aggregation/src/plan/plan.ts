import type { Clock, Context } from '@bff/core';
import type { AnswerCache } from '../cache/answer-cache.ts';
import type { Part } from './part.ts';
import { runPlan } from './run-plan.ts';
import type { SourceOutcome } from './source-outcome.ts';
import type { StartSpan } from './span.ts';
import type { AnySource, OnSource, OptionalSource, RequiredSource } from './source.ts';

export interface PlanOptions {
  clock: Clock;
  /**
   * Share of the remaining time that sources may use; the rest is for composing and sending the answer.
   * Default 0.85, as KrakenD's timeout does it.
   */
  budgetShare?: number;
  onSource?: OnSource;
  /** Where sources with a cache rule keep their answers; default: nowhere. */
  cache?: AnswerCache | undefined;
  /** Gives each source that runs a span. */
  startSpan?: StartSpan | undefined;
}

export interface PlanResult<Values> {
  /** By source: `T` for a required one, `Part<T>` for an optional one. */
  readonly values: Values;
  /** One outcome per source, in the order of declaration. */
  readonly sources: readonly SourceOutcome[];
}

type Named<Name extends string, T> = { readonly [K in Name]: T };
type NewName<Name extends string, Values> = Name extends keyof Values ? never : Name;

/** The sources declared so far. Immutable: each declaration gives a new plan. */
export interface Plan<Request, Values extends object> {
  /** A source without which there is no answer: its failure is the failure of the whole. */
  required<Name extends string, T, Needs extends keyof Values & string = never>(
    name: NewName<Name, Values>,
    source: RequiredSource<Request, Pick<Values, Needs>, Needs, T>,
  ): Plan<Request, Values & Named<Name, T>>;
  /** A source that the answer can do without. */
  optional<Name extends string, T, Needs extends keyof Values & string = never>(
    name: NewName<Name, Values>,
    source: OptionalSource<Request, Pick<Values, Needs>, Needs, T>,
  ): Plan<Request, Values & Named<Name, Part<T>>>;
  /**
   * Runs every source: independent ones together, a dependent one the moment its inputs are there.
   * Rejects with the failure of a required source, with `deadline_exceeded`, or with the reason of `context.signal`;
   * whatever still runs then is cancelled.
   */
  run(request: Request, context: Context): Promise<PlanResult<Values>>;
}

/** Starts a plan without sources. */
export function createPlan<Request>(options: PlanOptions): Plan<Request, object> {
  return extendPlan<Request, object>(options, []);
}

function extendPlan<Request, Values extends object>(
  options: PlanOptions,
  sources: readonly AnySource<Request>[],
): Plan<Request, Values> {
  const { clock, budgetShare = 0.85, onSource, cache, startSpan } = options;
  const add = <Next extends object>(
    name: string,
    isRequired: boolean,
    source: OptionalSource<Request, never, string, unknown>,
  ) => extendPlan<Request, Next>(options, [...sources, eraseTypes(name, isRequired, source)]);
  return {
    required: (name, source) => add(name, true, source),
    optional: (name, source) => add(name, false, source),
    async run(request, context) {
      const run = { sources, request, clock, budgetShare, onSource, cache, startSpan };
      const result = await runPlan(run, context);
      // The runner keeps values by name; which name has which type is what the builder kept.
      return { values: result.values as Values, sources: result.sources };
    },
  };
}

function eraseTypes<Request>(
  name: string,
  isRequired: boolean,
  source: OptionalSource<Request, never, string, unknown>,
): AnySource<Request> {
  return {
    name,
    isRequired,
    needs: source.needs ?? [],
    timeoutMs: source.timeoutMs,
    cache: source.cache,
    fallback: (error, input) => source.fallback?.(error, input as never),
    // `needs` names exactly the keys of the inputs that the source was declared with.
    when: (input) => source.when?.(input as never) ?? true,
    load: async (input, context) => source.load(input as never, context),
  };
}
