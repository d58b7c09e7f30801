import { AppError, type Clock, type Context } from '@bff/core';

/** What happened to one resource, in the order of all three services. */
export interface Effect {
  readonly name: string;
  readonly id: string;
}

interface Known {
  id: string | undefined;
  /** As it was when it was made, whatever has become of it. */
  answer: unknown;
  request: string;
  closed: boolean;
}

/** What the services in memory have in common: keys, withdrawals, changes of state, and a record of all changes. */
export class MemoryLedger {
  readonly effects: Effect[] = [];
  readonly #keys = new Map<string, Known>();
  readonly #clock: Clock;
  #revision = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  once<T extends { status: string }>(
    kind: string,
    { idempotencyKey = '', principal }: Context,
    request: object,
    all: Map<string, T>,
    make: (id: string) => T,
  ): T {
    const scope = JSON.stringify([principal?.subject, kind, idempotencyKey]);
    const text = JSON.stringify(request);
    const known = this.#keys.get(scope);
    if (known?.closed) throw new AppError('failed_precondition', 'Withdrawn.');
    if (known && known.request !== text) throw new AppError('idempotency_key_reused', 'Another request.');
    if (known) return known.answer as T;
    const id = `${kind}-${String(all.size + 1)}`;
    const made = make(id);
    all.set(id, made);
    this.#keys.set(scope, { id, answer: made, request: text, closed: false });
    this.effects.push({ name: `${kind} ${made.status}`, id });
    return made;
  }

  close(kind: string, key: string, { principal }: Context): string | undefined {
    const scope = JSON.stringify([principal?.subject, kind, key]);
    const known = this.#keys.get(scope);
    this.#keys.set(scope, { id: undefined, answer: undefined, request: '', ...known, closed: true });
    return known?.id;
  }

  move<S extends string, T extends { status: S; revision: number }>(
    kind: string,
    all: Map<string, T>,
    id: string,
    status: S,
    from: readonly S[],
  ): T {
    const current = found(all.get(id));
    if (current.status === status) return current;
    if (!from.includes(current.status)) throw refused();
    const moved = { ...current, status, revision: ++this.#revision, updateTime: this.#clock.date() };
    all.set(id, moved);
    this.effects.push({ name: `${kind} ${status}`, id });
    return moved;
  }

  times() {
    const now = this.#clock.date();
    return { createTime: now, updateTime: now, revision: ++this.#revision };
  }
}

export function found<T>(resource: T | undefined): T {
  if (resource) return resource;
  throw new AppError('not_found', 'There is no such resource.');
}

export function refused(): AppError {
  return new AppError('failed_precondition', 'The state does not allow this.');
}
