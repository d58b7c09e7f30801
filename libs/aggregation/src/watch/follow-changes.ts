import type { Change } from '@bff/contracts';
import { AppError, openContext, type CancelTimer, type Clock, type Context, type ErrorCode } from '@bff/core';

export interface FollowOptions<T> {
  watch: (sinceRevision: number, context: Context) => AsyncIterable<Change<T>>;
  /** The present state as changes: for when the service no longer keeps what came before. */
  read: (context: Context) => Promise<readonly Change<T>[]>;
  sinceRevision: number;
  /** On whose behalf the next stream is opened; undefined when nobody is left. */
  onBehalfOf: () => Context | undefined;
  /** Each change once, in the order of the service. */
  onChange: (change: Change<T>) => void;
  /** The service refuses this caller: not a matter of trying again. */
  onRefused: (error: AppError, caller: Context) => void;
  clock: Clock;
  random: () => number;
  /** A stream is opened anew after this time, so that the service checks its caller's right again. */
  streamLifeMs: number;
}

const refusals: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'permission_denied',
  'unauthenticated',
  'invalid_argument',
  'unimplemented',
]);
const firstPauseMs = 25;
const longestPauseMs = 1_000;
/** One that lasted so long has worked: the next failure counts as a first one. */
const soundStreamMs = 5_000;

/**
 * Follows one service's changes until it is stopped: a stream that breaks is opened again, at whichever instance the
 * balancer gives, after the last revision seen. Returns the function that stops it.
 */
export function followChanges<T>(options: FollowOptions<T>): () => void {
  const follower = new Follower(options);
  void follower.run();
  return () => {
    follower.stop();
  };
}

class Follower<T> {
  readonly #options: FollowOptions<T>;
  #last: number;
  /** The service has forgotten the last revision: it is asked for all it keeps. */
  #forgotten = false;
  #failures = 0;
  #stopped = false;
  #interrupt: () => void = () => undefined;

  constructor(options: FollowOptions<T>) {
    this.#options = options;
    this.#last = options.sinceRevision;
  }

  stop(): void {
    this.#stopped = true;
    this.#interrupt();
  }

  async run(): Promise<void> {
    for (;;) {
      const caller = this.#stopped ? undefined : this.#options.onBehalfOf();
      if (!caller) return;
      const startedAt = this.#options.clock.now();
      const failure = await this.#readStream(caller);
      if (this.#stopped) return;
      if (failure && refusals.has(failure.code)) {
        this.#options.onRefused(failure, caller);
        continue;
      }
      if (failure?.code === 'failed_precondition') this.#forgotten = true;
      if (this.#options.clock.now() - startedAt >= soundStreamMs) this.#failures = 0;
      await this.#pause();
    }
  }

  /** Reads one stream to its end; why it ended, if it was a failure. */
  async #readStream(caller: Context): Promise<AppError | undefined> {
    const { clock, streamLifeMs, watch, read } = this.#options;
    const { requestId, trace, principal } = caller;
    const carried = { requestId, trace, principal, idempotencyKey: undefined };
    // Its own end comes first: a deadline that passes would count against the instance.
    const scope = openContext({ ...carried, clock, timeoutMs: 2 * streamLifeMs });
    const end = () => {
      scope.cancel(new AppError('cancelled', 'The stream is opened anew, or nobody reads it any more.'));
    };
    const stopTimer: CancelTimer = clock.after(streamLifeMs, end);
    this.#interrupt = end;
    try {
      if (this.#forgotten) this.#take(await read(scope.context));
      const since = this.#forgotten ? 0 : this.#last;
      for await (const change of watch(since, scope.context)) {
        if (this.#stopped) return undefined;
        this.#take([change]);
      }
      return undefined;
    } catch (thrown) {
      return AppError.from(thrown);
    } finally {
      stopTimer();
      scope.close();
    }
  }

  #take(changes: readonly Change<T>[]): void {
    for (const change of changes.toSorted((a, b) => a.revision - b.revision)) {
      if (this.#stopped || change.revision <= this.#last) continue;
      this.#last = change.revision;
      this.#failures = 0;
      this.#forgotten = false;
      this.#options.onChange(change);
    }
  }

  /** Longer after every failure, with jitter so that the streams of many orders do not come back as one. */
  async #pause(): Promise<void> {
    const { clock, random } = this.#options;
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const stopTimer = clock.after(longest * (0.5 + random() / 2), () => {
      resolve(undefined);
    });
    this.#interrupt = () => {
      stopTimer();
      resolve(undefined);
    };
    await promise;
  }
}
