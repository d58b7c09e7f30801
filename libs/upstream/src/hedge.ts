import {
  AppError,
  openChild,
  type Call,
  type Clock,
  type Context,
  type ContextScope,
  type Filter,
} from '@bff/core';
import type { RetryBudget } from '@bff/load-balancing';
import { asFurtherAttempt } from './further-attempt.ts';
import { LatencyQuantile } from './latency-quantile.ts';
import type { UpstreamCall } from './transport.ts';
import type { FurtherAttemptEvent } from './upstream-event.ts';

/** When a second instance is asked although the first has not failed. */
export interface HedgingPolicy {
  /** Names of operations, `GetOrder`; those that are not safe are left out. Default: none. */
  readonly operations: readonly string[];
  /** Of the latencies measured lately: who is slower than this share of them is hedged. Default 0.99. */
  readonly quantile: number;
  /** Bounds of the delay. Until enough is measured it is the upper one. Defaults 5 and 500. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export const defaultHedging: HedgingPolicy = {
  operations: [],
  quantile: 0.99,
  minDelayMs: 5,
  maxDelayMs: 500,
};

export interface HedgeOptions {
  readonly policy: HedgingPolicy;
  readonly clock: Clock;
  readonly budget: RetryBudget;
  readonly hasUntried: (tried: ReadonlySet<string>) => boolean;
  readonly onEvent: (event: FurtherAttemptEvent) => void;
}

/** Asks a second instance when the first takes unusually long; the answer that comes first counts, the other call is cancelled. */
export function hedge<Req, Res>(options: HedgeOptions): Filter<UpstreamCall<Req, Res>, Res> {
  const latency = new LatencyQuantile(options.policy.quantile);
  return (next) => (call, context) => {
    // A retry is a second attempt already, and so is what the tier in front has retried.
    if (call.role !== 'first' || context.retried === true) return next(call, context);
    return new Promise((resolve, reject) => {
      new HedgedCall({ ...options, next, call, context, latency, resolve, reject }).start();
    });
  };
}

interface HedgedCallOptions<Req, Res> extends HedgeOptions {
  readonly next: Call<UpstreamCall<Req, Res>, Res>;
  readonly call: UpstreamCall<Req, Res>;
  readonly context: Context;
  readonly latency: LatencyQuantile;
  readonly resolve: (response: Res) => void;
  readonly reject: (error: unknown) => void;
}

interface Running {
  readonly scope: ContextScope;
  readonly startedAt: number;
}

class HedgedCall<Req, Res> {
  readonly #options: HedgedCallOptions<Req, Res>;
  readonly #running = new Set<Running>();
  #stopTimer: () => void = () => undefined;
  #failure: unknown;

  constructor(options: HedgedCallOptions<Req, Res>) {
    this.#options = options;
  }

  start(): void {
    const { clock, latency, policy, call } = this.#options;
    const delayMs = Math.max(policy.minDelayMs, Math.min(latency.valueMs ?? Infinity, policy.maxDelayMs));
    this.#stopTimer = clock.after(delayMs, () => {
      this.#hedge();
    });
    this.#attempt(call);
  }

  #hedge(): void {
    const { call, budget, hasUntried, onEvent } = this.#options;
    const operation = call.operation.name;
    if (!hasUntried(call.tried)) return;
    if (!budget.tryTake()) {
      onEvent({ kind: 'hedge_denied', operation });
      return;
    }
    onEvent({ kind: 'hedge', operation });
    this.#attempt(asFurtherAttempt(call, 'hedge'));
  }

  #attempt(call: UpstreamCall<Req, Res>): void {
    const { next, context, clock } = this.#options;
    const scope = openChild(context, { clock, timeoutMs: Infinity });
    const running: Running = { scope, startedAt: clock.now() };
    this.#running.add(running);
    next(call, scope.context).then(
      (response) => {
        this.#succeeded(running, response, call);
      },
      (error: unknown) => {
        this.#failed(running, error);
      },
    );
  }

  #succeeded(winner: Running, response: Res, { role, operation }: UpstreamCall<Req, Res>): void {
    if (!this.#running.delete(winner)) return;
    const { clock, latency, onEvent, resolve } = this.#options;
    latency.record(clock.now() - winner.startedAt);
    winner.scope.close();
    this.#stopTimer();
    if (role === 'hedge') onEvent({ kind: 'hedge_won', operation: operation.name });
    for (const loser of this.#running) {
      // It took at least this long. Left out, the measured quantile would sink with every hedge.
      latency.record(clock.now() - loser.startedAt);
      loser.scope.cancel(new AppError('cancelled', 'Another attempt was faster.'));
    }
    this.#running.clear();
    resolve(response);
  }

  #failed(running: Running, error: unknown): void {
    if (!this.#running.delete(running)) return;
    running.scope.close();
    this.#failure ??= error;
    if (this.#running.size > 0) return;
    this.#stopTimer();
    this.#options.reject(this.#failure);
  }
}
