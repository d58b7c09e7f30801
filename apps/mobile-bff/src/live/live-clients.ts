import { AppError } from '@bff/core';

export interface LiveLimits {
  /** Connections of one user at once, WebSockets and event streams together. */
  maxPerUser: number;
  /** Subscriptions on one WebSocket. */
  maxSubscriptions: number;
  /** Milliseconds between two signs of life; a client that gives none until the next is cut. */
  pingMs: number;
}

/** A connection that stays open, and how it is told to move on. */
export interface LiveClient {
  /** Ends it in a way that makes the client connect again, to another instance. */
  moveOn(): void;
}

/** The connections that stay open in this process. */
export interface LiveClients {
  /** Takes a place for a user's connection; throws `resource_exhausted` when he has too many. Returns how to give it back. */
  join(subject: string, client: LiveClient): () => void;
  readonly size: number;
  /** Tells every client to move on, and each that comes from now on. */
  moveOn(): void;
}

export function createLiveClients({ maxPerUser }: Pick<LiveLimits, 'maxPerUser'>): LiveClients {
  const clients = new Set<LiveClient>();
  const perUser = new Map<string, number>();
  let leaving = false;
  return {
    get size() {
      return clients.size;
    },
    join(subject, client) {
      if (leaving) throw new AppError('unavailable', 'This server is stopping; connect again.');
      const count = (perUser.get(subject) ?? 0) + 1;
      if (count > maxPerUser) {
        throw new AppError(
          'resource_exhausted',
          `More than ${maxPerUser} live connections are open; close one first.`,
        );
      }
      perUser.set(subject, count);
      clients.add(client);
      return () => {
        if (!clients.delete(client)) return;
        const left = (perUser.get(subject) ?? 1) - 1;
        if (left === 0) perUser.delete(subject);
        else perUser.set(subject, left);
      };
    },
    moveOn() {
      leaving = true;
      for (const client of [...clients]) client.moveOn();
    },
  };
}
