import { reaches, type Access, type Authorise } from '@bff/auth';
import type { Change, ListQuery, Page, UnaryOperation, WatchQuery } from '@bff/contracts';
import { AppError, throwIfEnded, type Context } from '@bff/core';
import type { IdempotentRequest } from '../store/idempotency.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { Resource, Written } from '../store/resource.ts';
import { FaultList } from '../validation/fault-list.ts';
import { checkListQuery, checkWatchQuery } from './check-queries.ts';

export interface ResourceCoreOptions<T extends Resource, Operation extends string> {
  /** `order`, for messages. */
  noun: string;
  store: ResourceStore<T>;
  authorise: Authorise<Operation>;
}

/** What the three services' cores have in common: who may see what, paging, change streams, writes that may be repeated. */
export class ResourceCore<T extends Resource, Operation extends string> {
  readonly #options: ResourceCoreOptions<T, Operation>;

  constructor(options: ResourceCoreOptions<T, Operation>) {
    this.#options = options;
  }

  /** Throws `not_found` for what the caller may not see, so that nobody learns which ids exist. */
  async get(operation: Operation, id: string, context: Context): Promise<T> {
    const access = this.#begin(operation, context);
    const resource = await this.#options.store.get(id);
    if (!resource || !reaches(access, resource)) throw this.#notFound();
    return resource;
  }

  /** Filters narrow what the caller may see: another customer's id gives an empty page. */
  async list(operation: Operation, query: ListQuery<string>, context: Context): Promise<Page<T>> {
    const access = this.#begin(operation, context);
    const { orderIds, customerId, status, pageToken } = query;
    const pageSize = checkListQuery(query);
    const filters = { orderIds, customerId, status };
    return this.#options.store.list({ filters, visibleTo: visibleTo(access), pageSize, pageToken });
  }

  /** Throws the reason of `context.signal` when that aborts; ends in no other way. */
  async *watch(operation: Operation, query: WatchQuery, context: Context): AsyncGenerator<Change<T>, never> {
    const access = this.#begin(operation, context);
    checkWatchQuery(query);
    return yield* this.#options.store.watch({ ...query, visibleTo: visibleTo(access) }, context.signal);
  }

  /** Authorises first, then `check`s the request, then stores what `make` makes of it. */
  async create<Req>(
    use: { operation: Operation; rules: UnaryOperation<Req, T>; check(request: Req): void },
    request: Req,
    context: Context,
    make: (identity: { id: string; revision: number; customerId: string }) => Written<T>,
  ): Promise<T> {
    const { principal } = this.#begin(use.operation, context);
    use.check(request);
    const idempotent: IdempotentRequest | undefined =
      context.idempotencyKey === undefined
        ? undefined
        : {
            subject: principal.subject,
            operation: use.rules.name,
            key: context.idempotencyKey,
            request: use.rules.request.encode(request),
          };
    return this.#options.store.insert(
      (identity) => make({ ...identity, customerId: principal.subject }),
      idempotent,
      context.signal,
    );
  }

  /**
   * Changes the state of one resource. Who may not even `read` it gets `not_found`; who may read but not change it, `permission_denied`.
   */
  async transition(
    { operation, read, check }: { operation: Operation; read: Operation; check?: () => void },
    id: string,
    context: Context,
    change: (current: T, dueTime: Date | undefined) => Written<T> | undefined,
  ): Promise<T> {
    const access = this.#begin(operation, context);
    check?.();
    const decide = (current: T, dueTime: Date | undefined) => {
      if (!reaches(access, current)) throw this.#refusal(read, current, context);
      return change(current, dueTime);
    };
    const changed = await this.#options.store.transition(id, decide, context.signal);
    if (!changed) throw this.#notFound();
    return changed;
  }

  /**
   * Undoes what the caller created under an idempotency key, if anything, and refuses the key from now on.
   * Throws `invalid_argument` for an empty key, and what `undo` throws to refuse.
   */
  async withdraw<Req>(
    { operation, created }: { operation: Operation; created: UnaryOperation<Req, T> },
    key: string,
    context: Context,
    undo: (current: T) => Written<T> | undefined,
  ): Promise<T | undefined> {
    const { principal } = this.#begin(operation, context);
    const faults = new FaultList();
    faults.text('idempotencyKey', key, 255);
    faults.throwIfAny('Nothing can be withdrawn as asked.');
    const scope = { subject: principal.subject, operation: created.name, key };
    return this.#options.store.withdraw(scope, undo, context.signal);
  }

  #begin(operation: Operation, context: Context): Access {
    throwIfEnded(context);
    return this.#options.authorise(operation, context);
  }

  #refusal(read: Operation, resource: T, context: Context): AppError {
    if (!reaches(this.#options.authorise(read, context), resource)) return this.#notFound();
    return new AppError('permission_denied', `You may not change another customer's ${this.#options.noun}.`);
  }

  #notFound(): AppError {
    return new AppError('not_found', `There is no such ${this.#options.noun}.`);
  }
}

function visibleTo({ principal, reach }: Access): string | undefined {
  return reach === 'any' ? undefined : principal.subject;
}
