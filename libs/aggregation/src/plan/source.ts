import type { AppError, Context } from '@bff/core';
import type { CacheRule } from '../cache/cache-rule.ts';
import type { SourceOutcome } from './source-outcome.ts';

/** What a source's functions are given: the request of the plan and the results of the sources it needs. */
export interface SourceInput<Request, Inputs> {
  readonly request: Request;
  readonly inputs: Inputs;
}

export interface RequiredSource<Request, Inputs, Needs, T> {
  /** Sources that must have answered before this one starts; they are declared before it, so there is no cycle. */
  readonly needs?: readonly Needs[];
  /** The source is given up after this many milliseconds; default: when the plan's budget ends. */
  readonly timeoutMs?: number | undefined;
  /** How its answers may be reused; without effect where the plan has no cache. */
  readonly cache?: CacheRule<SourceInput<Request, Inputs>, NoInfer<T>> | undefined;
  /**
   * A value to go on with when the source has failed and no older answer stands in; undefined for none. The outcome
   * says all the same that the source failed.
   */
  fallback?(error: AppError, input: SourceInput<Request, Inputs>): NoInfer<T> | undefined;
  /** Fetches the value. Ends when `context.signal` does; the plan does not wait for one that goes on. */
  load(input: SourceInput<Request, Inputs>, context: Context): Promise<T>;
}

export interface OptionalSource<Request, Inputs, Needs, T> extends RequiredSource<Request, Inputs, Needs, T> {
  /** Is the source asked for at all? Default: yes. */
  when?(input: SourceInput<Request, Inputs>): boolean;
}

export type UntypedInputs = Readonly<Record<string, unknown>>;

/** A source as the runner sees it; the builder has checked that names and types fit. */
export interface AnySource<Request> {
  readonly name: string;
  readonly isRequired: boolean;
  readonly needs: readonly string[];
  readonly timeoutMs: number | undefined;
  readonly cache: CacheRule<SourceInput<Request, UntypedInputs>, unknown> | undefined;
  fallback(error: AppError, input: SourceInput<Request, UntypedInputs>): unknown;
  when(input: SourceInput<Request, UntypedInputs>): boolean;
  load(input: SourceInput<Request, UntypedInputs>, context: Context): Promise<unknown>;
}

/**
 * Told of every source as it ends, also when the plan as a whole fails: for logs, metrics and spans.
 * `error` is the original failure with its cause, not what the client is told. Must not throw.
 */
export type OnSource = (outcome: SourceOutcome, error: AppError | undefined, context: Context) => void;
