import { AppError, openContext, type CancelTimer, type Clock, type Context } from '@bff/core';
import type { ManagedBalancer } from '../balancer.ts';
import type { Endpoint } from '../endpoint.ts';
import { defaultPolicy, type HealthCheckPolicy } from '../policy.ts';
import { HealthRecord } from './health-record.ts';
import { probeContext } from './probe-context.ts';

/**
 * Asks one instance whether it is well, within the context's deadline: `/readyz` or `grpc.health.v1`.
 * False or any error: it is not. A check that does not return in time is one that failed (a frozen process accepts
 * connections and says nothing).
 */
export type HealthCheck = (endpoint: Endpoint, context: Context) => Promise<boolean>;

export interface HealthCheckerOptions {
  /** Who is checked, and who is told. */
  readonly balancer: Pick<ManagedBalancer, 'endpoints' | 'setHealth'>;
  readonly check: HealthCheck;
  readonly clock: Clock;
  readonly random: () => number;
  readonly policy?: HealthCheckPolicy;
  /**
   * Told at every check that got no answer at all in its time, how many in a row that are. One that says "not ready",
   * or refuses the connection, has answered: its process or its machine still acts, and ends by itself what it has.
   */
  readonly onSilence?: (endpointId: string, checksInRow: number) => void;
}

export interface HealthChecker {
  /** Resolves when somebody is known and everybody known has been asked once, whatever came of it. */
  readonly firstRound: Promise<void>;
  /** Ends all checks; those under way are aborted and change nothing any more. */
  close(): void;
}

/**
 * Checks every endpoint of the balancer on its own schedule, with jitter, and more often while in doubt. It catches
 * what results cannot tell: an instance that froze or drains while it has no traffic. Endpoints that come are checked
 * at once; until then they count as healthy.
 */
export function createHealthChecker(options: HealthCheckerOptions): HealthChecker {
  const { balancer, clock, policy = defaultPolicy.healthCheck } = options;
  const checks = new Map<string, CancelTimer>();
  const asked = new Set<string>();
  const { promise: firstRound, resolve } = Promise.withResolvers<undefined>();
  const onResult = (id: string) => {
    asked.add(id);
    if (balancer.endpoints().every((endpoint) => asked.has(endpoint.id))) resolve(undefined);
  };
  let stopTimer: CancelTimer;
  const follow = () => {
    const current = balancer.endpoints().filter(({ state }) => state !== 'draining');
    const ids = new Set(current.map(({ id }) => id));
    for (const [id, stop] of checks) {
      if (ids.has(id)) continue;
      stop();
      checks.delete(id);
      asked.delete(id);
    }
    for (const endpoint of current) {
      if (!checks.has(endpoint.id))
        checks.set(endpoint.id, checkRepeatedly(endpoint, { ...options, policy, onResult }));
    }
    stopTimer = clock.after(policy.doubtIntervalMs, follow);
  };
  follow();
  return {
    firstRound,
    close() {
      stopTimer();
      for (const stop of checks.values()) stop();
      checks.clear();
    },
  };
}

interface CheckRepeatedlyOptions extends HealthCheckerOptions {
  readonly policy: HealthCheckPolicy;
  readonly onResult: (endpointId: string) => void;
}

function checkRepeatedly(
  endpoint: Endpoint,
  { balancer, check, clock, random, policy, onResult, onSilence }: CheckRepeatedlyOptions,
): CancelTimer {
  const record = new HealthRecord(policy);
  let silentChecks = 0;
  let stopCurrent: CancelTimer = () => undefined;
  const schedule = () => {
    const intervalMs = record.inDoubt ? policy.doubtIntervalMs : policy.intervalMs;
    // Only shorter: the interval is what somebody who must notice within a second relies on.
    stopCurrent = clock.after(intervalMs * (1 - policy.jitter * random()), run);
  };
  const run = () => {
    const startedAt = clock.now();
    stopCurrent = checkOnce(endpoint, { check, clock, random, timeoutMs: policy.timeoutMs }, (result) => {
      const passed = result === 'passed';
      // The timer fired far too late: this process itself got no turn, and the answer may be waiting to be read.
      const stalled = !passed && clock.now() - startedAt > 2 * policy.timeoutMs;
      if (!stalled) {
        balancer.setHealth(endpoint.id, record.add(passed));
        silentChecks = result === 'silent' ? silentChecks + 1 : 0;
        if (silentChecks > 0) onSilence?.(endpoint.id, silentChecks);
      }
      onResult(endpoint.id);
      schedule();
    });
  };
  run();
  return () => stopCurrent();
}

interface CheckOnceOptions extends Pick<HealthCheckerOptions, 'check' | 'clock' | 'random'> {
  readonly timeoutMs: number;
}

/** `silent`: nothing came in time, neither an answer nor a refusal. */
type CheckResult = 'passed' | 'failed' | 'silent';

/** Tells the result exactly once, also if the check never returns; the function returned abandons it. */
function checkOnce(
  endpoint: Endpoint,
  { check, clock, random, timeoutMs }: CheckOnceOptions,
  onResult: (result: CheckResult) => void,
): CancelTimer {
  const scope = openContext({ clock, timeoutMs, ...probeContext(random) });
  let open = true;
  const finish = (result: CheckResult) => {
    if (!open) return;
    open = false;
    scope.context.signal.removeEventListener('abort', onTimeout);
    scope.close();
    onResult(result);
  };
  const onTimeout = () => finish('silent');
  scope.context.signal.addEventListener('abort', onTimeout, { once: true });
  // Inside a promise, so that a check that throws at once is one that failed, too.
  void Promise.resolve()
    .then(() => check(endpoint, scope.context))
    .then(
      (passed) => finish(passed ? 'passed' : 'failed'),
      // The transport's own limit may be the first to pass.
      (thrown: unknown) => finish(AppError.from(thrown).code === 'deadline_exceeded' ? 'silent' : 'failed'),
    );
  return () => {
    open = false;
    scope.context.signal.removeEventListener('abort', onTimeout);
    scope.cancel(new AppError('cancelled', 'Health checking has stopped.'));
  };
}
