import type { AppError, Clock, Context } from '@bff/core';
import { isLater } from '../order-overview/latest-by-order.ts';
import { ChangeLog } from './change-log.ts';
import { followSource } from './follow-source.ts';
import {
  watchedSources,
  type OrderChange,
  type OrderWatchPorts,
  type Revisions,
  type WatchedSource,
} from './order-change.ts';

/** One who reads along; see `OrderWatcher`. */
export interface HubMember {
  readonly context: Context;
  readonly sources: readonly WatchedSource[];
  /** Something has changed: look. */
  wake(): void;
  fail(error: AppError): void;
}

export interface OrderHubOptions {
  orderId: string;
  ports: OrderWatchPorts;
  clock: Clock;
  random: () => number;
  streamLifeMs: number;
  /** So many changes are kept for readers that are behind. */
  maxKeptChanges: number;
  /** The last reader has left; the streams are closed. */
  onIdle: () => void;
}

/**
 * One order's changes for all its readers in this process: one stream per service, however many read. Who may read is
 * settled before `join`, by the services, for each reader by his own right.
 */
export class OrderHub {
  readonly log: ChangeLog;
  readonly #options: OrderHubOptions;
  readonly #members = new Set<HubMember>();
  readonly #streams = new Map<WatchedSource, () => void>();
  readonly #newest = new Map<WatchedSource, OrderChange>();

  constructor(options: OrderHubOptions) {
    this.#options = options;
    this.log = new ChangeLog(options.maxKeptChanges);
  }

  get members(): number {
    return this.#members.size;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** What is to be shown of a source, by the changes that arrived; its revision is that of the last of them. */
  newest(source: WatchedSource): OrderChange | undefined {
    return this.#newest.get(source);
  }

  /** From here on `member` is woken for every change after `position`. */
  join(member: HubMember, position: Revisions): void {
    this.#members.add(member);
    for (const source of member.sources) {
      const since = position[source];
      if (!this.#streams.has(source)) this.#follow(source, since);
      // Somebody resumes from before our time: the one stream starts again from there; who knows it already skips it.
      else if (this.log.covers(source) > since) this.#follow(source, since);
    }
  }

  leave(member: HubMember): void {
    if (!this.#members.delete(member)) return;
    for (const source of watchedSources) {
      if (this.#readersOf(source).next().value) continue;
      this.#streams.get(source)?.();
      this.#streams.delete(source);
    }
    if (this.#members.size === 0) this.#options.onIdle();
  }

  fail(error: AppError): void {
    for (const member of [...this.#members]) member.fail(error);
  }

  #follow(source: WatchedSource, sinceRevision: number): void {
    this.#streams.get(source)?.();
    this.log.rewind(source, sinceRevision);
    const stop = followSource(source, {
      ...this.#options,
      sinceRevision,
      onBehalfOf: () => this.#readersOf(source).next().value?.context,
      onRefused: (error, caller) => {
        for (const member of [...this.#readersOf(source)]) if (member.context === caller) member.fail(error);
      },
      onChange: (change) => {
        this.#arrived(change);
      },
    });
    this.#streams.set(source, stop);
  }

  *#readersOf(source: WatchedSource): Generator<HubMember, undefined> {
    for (const member of this.#members) if (member.sources.includes(source)) yield member;
  }

  #arrived(change: OrderChange): void {
    this.log.append(change);
    const known = this.#newest.get(change.source);
    if (!known || known.revision < change.revision) this.#newest.set(change.source, laterOf(known, change));
    for (const member of [...this.#members]) member.wake();
  }
}

/** A change of an older payment moves the revision and not what is shown. */
function laterOf(known: OrderChange | undefined, change: OrderChange): OrderChange {
  return !known || isLater(change.value, known.value) ? change : { ...known, revision: change.revision };
}
