import { setMaxListeners } from 'node:events';
import { AppError, type Clock } from '@bff/core';
import type { Listener } from './listener.ts';

/** Where a server stands in its life; a union, so that no combination of flags can be wrong. */
export type Phase =
  | { name: 'starting' }
  | { name: 'ready'; since: Date }
  | { name: 'draining'; since: Date; reason: string }
  | { name: 'stopped' };

/** A dependency without which the server should get no traffic; rejects or throws while it is away. */
export type ReadinessCheck = () => Promise<void> | void;

/** What an app's composition root gives to the process around it. */
export interface RunningApp {
  readonly listeners: readonly Listener[];
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Shown under `/info`: upstream instances with their state, for instance. */
  readonly info?: () => Record<string, unknown>;
  readonly adminRoutes?: readonly AdminRoute[];
  /** Lets go of upstreams and stores, after the last listener has closed. */
  close?(): Promise<void>;
}

/** One more route of the admin listener. The body is parsed JSON, undefined when there is none. */
export interface AdminRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** Returns what is sent as JSON; an AppError becomes a problem. */
  handle(body: unknown): unknown;
}

export interface Lifecycle {
  phase(): Phase;
  ready(): void;
  /** Aborts when streams are to end; `ProcessKit.drain`. */
  readonly drain: AbortSignal;
  /**
   * Readiness fails first, then balancers get time to notice, then streams are told to move on, then the listeners close;
   * resolves when all is down. `atOnce`: nobody balances over this process, so nobody needs time to notice.
   */
  stop(reason: string, app: RunningApp, options?: { atOnce?: boolean }): Promise<void>;
}

export interface LifecycleOptions {
  clock: Clock;
  /** How long to keep serving after readiness fails. */
  drainDelayMs: number;
  /** After how long what is in flight is cut. */
  shutdownTimeoutMs: number;
}

export function createLifecycle({ clock, drainDelayMs, shutdownTimeoutMs }: LifecycleOptions): Lifecycle {
  let phase: Phase = { name: 'starting' };
  const drain = new AbortController();
  // One listener for each open stream is what it is for.
  setMaxListeners(0, drain.signal);
  return {
    drain: drain.signal,
    phase: () => phase,
    ready() {
      if (phase.name === 'starting') phase = { name: 'ready', since: clock.date() };
    },
    async stop(reason, app, { atOnce = false } = {}) {
      if (phase.name === 'draining' || phase.name === 'stopped') return;
      phase = { name: 'draining', since: clock.date(), reason };
      for (const listener of app.listeners) listener.drain();
      if (drainDelayMs > 0 && !atOnce) {
        await new Promise<void>((resolve) => void clock.after(drainDelayMs, resolve));
      }
      // Not before: a client that moves on while balancers still know this instance would come right back.
      drain.abort(new AppError('unavailable', 'This instance is stopping; connect again to go on.'));
      await Promise.all(app.listeners.map((listener) => listener.close(shutdownTimeoutMs)));
      await app.close?.();
      phase = { name: 'stopped' };
    },
  };
}
