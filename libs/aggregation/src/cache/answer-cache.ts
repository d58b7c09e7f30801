import { AppError, openContext, type Clock, type Context, type ErrorCode } from '@bff/core';
import { argumentsKey, identityKey } from '../coalesce/identity.ts';
import { BoundedAnswers, type KeptAnswer } from './bounded-answers.ts';
import { userTag, type CacheRule } from './cache-rule.ts';
import { RecentInvalidations } from './recent-invalidations.ts';

export interface AnswerCacheOptions {
  clock: Clock;
  /** All answers together; the one that was not used for longest makes room. */
  maxBytes: number;
  /** How long fetching a newer answer in the background may take, in milliseconds. Default 2000. */
  revalidateTimeoutMs?: number;
  /** Told of every invalidation: who then loads must not get what somebody else had asked for before. */
  onInvalidated?: () => void;
}

export interface CacheRead<Input, T> {
  /** What is read, `payment`: keys of different names never meet. */
  name: string;
  rule: CacheRule<Input, T>;
  input: Input;
  load: (context: Context) => Promise<T>;
}

export interface CachedAnswer<T> {
  readonly value: T;
  /** 0 for an answer that has just come. */
  readonly ageMs: number;
  /** Older than its rule calls fresh. */
  readonly stale: boolean;
}

/** Answers of services, to be given again. Only whole answers of one source get in, so never a partial one. */
export interface AnswerCache {
  /** The answer by its rule. Rejects with what `load` rejects with, unless an older answer may stand in. */
  read<Input, T>(read: CacheRead<Input, T>, context: Context): Promise<CachedAnswer<T>>;
  /** Takes away everything with one of these tags, also what is just being fetched: it may be from before the write. */
  invalidate(tags: readonly string[]): void;
  /** The same with everything: for when it is not known what was written. */
  invalidateAll(): void;
  state(): { readonly entries: number; readonly bytes: number };
}

/** The service did not answer, as opposed to: it said no. */
const outages: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'upstream_failed',
  'internal',
  'deadline_exceeded',
  'resource_exhausted',
]);

/** There is nothing for this caller, or no longer: what was kept must not come back. */
const refusals: ReadonlySet<ErrorCode> = new Set(['not_found', 'permission_denied', 'unauthenticated']);

export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  return new Cache(options);
}

class Cache implements AnswerCache {
  readonly #options: AnswerCacheOptions;
  readonly #answers: BoundedAnswers;
  readonly #revalidating = new Set<string>();
  readonly #invalidations = new RecentInvalidations();

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
    this.#answers = new BoundedAnswers(options.maxBytes);
  }

  state() {
    return { entries: this.#answers.size, bytes: this.#answers.bytes };
  }

  invalidate(tags: readonly string[]): void {
    this.#invalidations.add(tags);
    for (const tag of tags) this.#answers.deleteTagged(tag);
    this.#options.onInvalidated?.();
  }

  invalidateAll(): void {
    this.#invalidations.addAll();
    this.#answers.clear();
    this.#options.onInvalidated?.();
  }

  async read<Input, T>(read: CacheRead<Input, T>, context: Context): Promise<CachedAnswer<T>> {
    const { freshMs, staleWhileRevalidateMs, staleIfErrorMs } = read.rule;
    const key = keyOf(read, context);
    const kept = this.#answers.get(key);
    const ageMs = kept ? this.#options.clock.now() - kept.storedAt : Infinity;
    if (kept && ageMs < freshMs) return given(kept, ageMs, false);
    if (kept && ageMs < freshMs + staleWhileRevalidateMs) {
      void this.#revalidate(key, read, context);
      return given(kept, ageMs, true);
    }
    try {
      return { value: await this.#load(key, read, context), ageMs: 0, stale: false };
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      if (refusals.has(code)) this.#answers.delete(key);
      // Looked up again: a write may have taken it away meanwhile.
      const fallback = outages.has(code) ? this.#answers.get(key) : undefined;
      const fallbackAgeMs = fallback ? this.#options.clock.now() - fallback.storedAt : Infinity;
      if (!fallback || fallbackAgeMs >= freshMs + staleIfErrorMs) throw thrown;
      return given(fallback, fallbackAgeMs, fallbackAgeMs >= freshMs);
    }
  }

  async #load<Input, T>(
    key: string,
    { rule, input, load }: CacheRead<Input, T>,
    context: Context,
  ): Promise<T> {
    const fetch = this.#invalidations.begin();
    try {
      const value = await load(context);
      const tags = [...(rule.tags?.(input, value) ?? []), ...ownerTags(rule, context)];
      const keeps = keepsAnything(rule) && !fetch.missed(tags);
      if (keeps) this.#answers.set(key, value, this.#options.clock.now(), tags);
      return value;
    } finally {
      fetch.end();
    }
  }

  /** In the background, once at a time per answer, with a context of its own: the caller has gone on. */
  async #revalidate<Input, T>(key: string, read: CacheRead<Input, T>, context: Context): Promise<void> {
    if (this.#revalidating.has(key)) return;
    this.#revalidating.add(key);
    const { clock, revalidateTimeoutMs: timeoutMs = 2_000 } = this.#options;
    const { requestId, trace, principal } = context;
    const scope = openContext({ clock, timeoutMs, requestId, trace, principal, idempotencyKey: undefined });
    try {
      await this.#load(key, read, scope.context);
    } catch (thrown) {
      // The older answer stays for its time, unless the service has said that there is none.
      if (refusals.has(AppError.from(thrown).code)) this.#answers.delete(key);
    } finally {
      scope.close();
      this.#revalidating.delete(key);
    }
  }
}

function keyOf<Input, T>({ name, rule, input }: CacheRead<Input, T>, { principal }: Context): string {
  const identity = rule.scope === 'private' ? identityKey(principal) : 'everybody';
  return [name, rule.scope, argumentsKey(rule.key(input)), identity].join('\n');
}

function ownerTags<Input, T>({ scope }: CacheRule<Input, T>, { principal }: Context): readonly string[] {
  return scope === 'private' && principal ? [userTag(principal.subject)] : [];
}

function keepsAnything({
  freshMs,
  staleWhileRevalidateMs,
  staleIfErrorMs,
}: CacheRule<never, never>): boolean {
  return freshMs + staleWhileRevalidateMs + staleIfErrorMs > 0;
}

function given<T>(kept: KeptAnswer, ageMs: number, stale: boolean): CachedAnswer<T> {
  // Kept under a key that starts with the name of what is read: the type is that of the read.
  return { value: kept.value as T, ageMs, stale };
}
