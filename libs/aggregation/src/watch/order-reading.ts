import { AppError } from '@bff/core';
import type { OrderParts } from '../order-overview/order-parts.ts';
import type { WatchedSource } from './order-change.ts';
import { formatCursor } from './order-cursor.ts';
import type { HubMember, OrderHub } from './order-hub.ts';
import type { ReadingPosition, Start } from './reading-position.ts';

export interface OrderOverviewUpdate extends OrderParts {
  /** Resumes after this update, on any instance. */
  readonly cursor: string;
  /** What is new; empty in an update that is the state as it was found. */
  readonly changed: readonly WatchedSource[];
}

/** `steps`: every change once, in order; `latest`: a slow reader skips to the newest state. */
export type Delivery = 'steps' | 'latest';

/** One reader in a hub: what comes next for him, without a buffer of his own. */
export class OrderReading {
  readonly #hub: OrderHub;
  readonly #member: HubMember;
  readonly #delivery: Delivery;
  readonly #position: ReadingPosition;
  readonly #awaited: Map<WatchedSource, number>;
  #showNow: boolean;
  /** The last change of the shared log that was passed. */
  #sequence = 0;

  /** Joins the hub. */
  constructor(start: Start, hub: OrderHub, member: HubMember, delivery: Delivery) {
    this.#hub = hub;
    this.#member = member;
    this.#delivery = delivery;
    this.#position = start.position;
    this.#awaited = new Map(start.awaited);
    this.#showNow = start.showNow;
    hub.join(member, start.position.revisions);
  }

  leave(): void {
    this.#hub.leave(this.#member);
  }

  /** The next update, undefined when there is none yet. Throws `resource_exhausted` when changes were missed. */
  take(): OrderOverviewUpdate | undefined {
    if (this.#showNow) {
      this.#showNow = false;
      return this.#update([]);
    }
    return this.#delivery === 'latest' ? this.#takeLatest() : this.#takeStep();
  }

  /** What should have come again is no longer waited for. True when it had not come. */
  losePatience(): boolean {
    for (const source of this.#awaited.keys()) this.#position.forget(source);
    const waited = this.#awaited.size > 0;
    this.#awaited.clear();
    return waited;
  }

  #takeLatest(): OrderOverviewUpdate | undefined {
    const changed = this.#member.sources.filter((source) => {
      const newest = this.#hub.newest(source);
      return newest !== undefined && this.#position.apply(newest);
    });
    return changed.length === 0 ? undefined : this.#update(changed);
  }

  #takeStep(): OrderOverviewUpdate | undefined {
    const { sources } = this.#member;
    if (this.#hub.log.hasPassed(this.#position.revisions, sources)) {
      throw new AppError(
        'resource_exhausted',
        'Too slow a reader; resume after the last update that was read.',
      );
    }
    if (!this.#isCaughtUp()) return undefined;
    for (const { sequence, change } of this.#hub.log.after(this.#sequence)) {
      this.#sequence = sequence;
      if (sources.includes(change.source) && this.#position.apply(change))
        return this.#update([change.source]);
    }
    return undefined;
  }

  /** Looks ahead for how things stood when the reader left: until that is known, no step can be shown as it was. */
  #isCaughtUp(): boolean {
    if (this.#awaited.size === 0) return true;
    for (const { change } of this.#hub.log.after(this.#sequence)) {
      const { source, revision } = change;
      const awaited = this.#awaited.get(source);
      if (awaited === undefined || revision <= this.#position.revisions[source]) continue;
      this.#awaited.delete(source);
      // A later one: the service has forgotten the one that was asked for, and this is a step by itself.
      if (revision <= awaited) this.#position.goBackTo(change);
      else this.#position.forget(source);
    }
    return this.#awaited.size === 0;
  }

  #update(changed: readonly WatchedSource[]): OrderOverviewUpdate {
    return { ...this.#position.parts, cursor: formatCursor(this.#position.revisions), changed };
  }
}
