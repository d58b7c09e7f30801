import type { CancelTimer, Clock } from '@bff/core';
import type { AcquireOptions, Lease, ManagedBalancer } from '../balancer.ts';
import type { Outcome } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import { decideRetry } from '../retry/decide-retry.ts';
import { payForRetry } from '../retry/pay-for-retry.ts';
import { delayOfRetryMs } from '../retry/retry-delay.ts';
import type { RetryBudget } from '../retry/retry-budget.ts';
import type { Answer } from './arriving-call.ts';
import type { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedInstance } from './simulated-instance.ts';

export interface SimulatedClientOptions {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly random: () => number;
  readonly balancer: ManagedBalancer;
  readonly budget: RetryBudget;
  readonly policy: Policy;
  readonly instances: ReadonlyMap<string, SimulatedInstance>;
  readonly recorder: Recorder;
}

interface OpenCall {
  readonly startedAt: number;
  readonly priority: string;
  readonly repeatable: boolean;
  readonly affinityKey: string | undefined;
  readonly tried: Set<string>;
  attempts: number;
  refused: number;
}

/** Makes calls as `@bff/upstream` does: acquire, attempt, say how it went, perhaps once more elsewhere. */
export class SimulatedClient {
  readonly #options: SimulatedClientOptions;

  constructor(options: SimulatedClientOptions) {
    this.#options = options;
  }

  /** Starts one call. */
  call(): void {
    const { scenario, clock, random, budget, recorder } = this.#options;
    const { retries, affinityKeys } = scenario;
    budget.recordCall();
    const priority = pickPriority(scenario, random);
    recorder.offered(clock.now(), priority);
    this.#attempt({
      startedAt: clock.now(),
      priority,
      repeatable:
        retries !== undefined &&
        (retries.repeatableShare === undefined || random() < retries.repeatableShare),
      affinityKey: affinityKeys === undefined ? undefined : `key-${Math.floor(random() * affinityKeys)}`,
      tried: new Set(),
      attempts: 0,
      refused: 0,
    });
  }

  #attempt(call: OpenCall): void {
    const { balancer, clock, instances, recorder, scenario } = this.#options;
    const lease = balancer.acquire(acquireOptions(call, scenario));
    call.tried.add(lease.endpoint.id);
    call.attempts++;
    const startedAt = clock.now();
    recorder.attempted(lease.endpoint.id, startedAt);
    let open = true;
    let stopTimer: CancelTimer | undefined;
    const end = (answer: Answer) => {
      if (!open) return;
      open = false;
      stopTimer?.();
      const elapsedMs = clock.now() - startedAt;
      lease.done(outcomeOf(answer, elapsedMs));
      this.#ended(call, lease, answer);
    };
    const timeoutMs = Math.min(scenario.attemptTimeoutMs ?? Infinity, this.#remainingMs(call));
    if (timeoutMs < Infinity) stopTimer = clock.after(timeoutMs, () => end({ failure: 'timeout' }));
    instances.get(lease.endpoint.id)?.serve({ priority: call.priority, timeoutMs }, end);
  }

  #ended(call: OpenCall, lease: Lease, answer: Answer): void {
    const { clock, recorder, random, policy, budget } = this.#options;
    const now = clock.now();
    if (answer === 'success') {
      recorder.succeeded(call, now);
      return;
    }
    recorder.attemptFailed(lease.endpoint.id);
    if (answer.failure === 'refused') call.refused++;
    const decision = this.#options.scenario.retries
      ? decideRetry(
          {
            failure: answer.failure,
            safety: call.repeatable ? 'idempotent' : 'unsafe',
            hasIdempotencyKey: false,
            attempts: call.attempts,
            refused: call.refused,
            retriedInFront: false,
            settledBelow: false,
            remainingMs: this.#remainingMs(call),
            retryAfterMs: answer.retryAfterMs,
          },
          policy.retry,
        )
      : undefined;
    const { tried } = call;
    const failsOver = (ids: ReadonlySet<string>) => this.#options.balancer.failsOver(ids);
    const elsewhere = this.#options.balancer.hasUntried(tried);
    const payment = decision?.retry
      ? payForRetry({ failure: answer.failure, tried }, budget, failsOver)
      : 'refused';
    if (!decision?.retry || payment === 'refused') {
      recorder.failed(call, now, answer.failure);
      return;
    }
    const { failure } = answer;
    const plan = { failure, attempts: call.attempts, backoff: decision.backoff, elsewhere };
    const delayMs = payment === 'failover' ? 0 : delayOfRetryMs(plan, random, policy.retry);
    if (delayMs >= this.#remainingMs(call)) recorder.failed(call, now, answer.failure);
    else if (delayMs === 0) this.#attempt(call);
    else clock.after(delayMs, () => this.#attempt(call));
  }

  #remainingMs(call: OpenCall): number {
    const { clock, scenario } = this.#options;
    return scenario.timeoutMs === undefined ? Infinity : call.startedAt + scenario.timeoutMs - clock.now();
  }
}

/** Draws only when there is a choice, so that scenarios without priorities keep their random numbers. */
function pickPriority({ priorities }: Scenario, random: () => number): string {
  const shares = Object.entries(priorities ?? { normal: 1 });
  const [first] = shares;
  if (first && shares.length === 1) return first[0];
  let left = random() * shares.reduce((sum, [, share]) => sum + share, 0);
  return shares.find(([, share]) => (left -= share) < 0)?.[0] ?? 'normal';
}

function acquireOptions(call: OpenCall, { retries }: Scenario): AcquireOptions {
  return {
    exclude: call.tried,
    ...(call.affinityKey !== undefined && { affinityKey: call.affinityKey }),
    // Without retries no call is a better probe than another.
    repeatable: call.repeatable || retries === undefined,
  };
}

function outcomeOf(answer: Answer, elapsedMs: number): Outcome {
  if (answer === 'success') return { kind: 'success', latencyMs: elapsedMs };
  return { kind: 'failure', failure: answer.failure, elapsedMs, retryAfterMs: answer.retryAfterMs };
}
