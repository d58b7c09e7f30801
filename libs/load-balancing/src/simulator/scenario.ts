import type { PolicyOverrides } from '../policy.ts';

/** How long an instance works on a call, in milliseconds. */
export type ServiceTime =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'normal'; readonly meanMs: number; readonly sdMs: number }
  /** `sigma` of the logarithm: 0.3 is even, 1 has a long tail. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number };

/** From when until when a fault lasts; default: all the time. With a period it comes and goes, for half of it each. */
interface FaultTime {
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly periodMs?: number;
}

export type Fault = FaultTime &
  /** The process is gone: what it had is reset, what comes is refused. */
  (
    | { readonly kind: 'dead' }
    /** SIGSTOP: it accepts and says nothing until it is over. */
    | { readonly kind: 'frozen' }
    /** SIGTERM that discovery has not noticed yet: it finishes what it has and refuses what comes. */
    | { readonly kind: 'draining' }
    /** So many times slower, or as slow as that. */
    | { readonly kind: 'slow'; readonly factor?: number; readonly fixedMs?: number }
    /** Answers with an error, quickly. */
    | {
        readonly kind: 'failing';
        readonly answer: 'server_error' | 'overloaded';
        readonly afterMs: number;
        /** Of the calls; default 1. */
        readonly share?: number;
        readonly retryAfterMs?: number;
      }
  );

export interface InstanceScenario {
  readonly id: string;
  readonly weight?: number;
  readonly serviceTime: ServiceTime;
  /** Calls worked on at the same time; others queue. Default: no limit. */
  readonly concurrency?: number;
  /** Calls that may queue; further ones are answered `overloaded`. Default: no limit. */
  readonly queueLimit?: number;
  /** A limiter in front of it, made of these values by `RunOptions.createAdmission`. Default: none. */
  readonly admission?: Readonly<Record<string, number>>;
  readonly faults?: readonly Fault[];
  /** When discovery learns of it. Default: known from the start. */
  readonly startsAtMs?: number;
  /** When discovery drops it. It finishes what it has. Default: never. */
  readonly stopsAtMs?: number;
}

export interface RetryScenario {
  /** Share of calls that may be repeated. Default 1. */
  readonly repeatableShare?: number;
}

/** For so long so many times the usual rate. */
export interface Surge {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly factor: number;
}

/** Everything that a run depends on; plain data, so that it can stand in a JSON file. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Calls come at this rate whatever becomes of them (open loop). */
  readonly ratePerSecond: number;
  /** When more comes. Default: never. */
  readonly surges?: readonly Surge[];
  /** Relative shares of the calls by priority, which admission tells apart: `{ critical: 1, normal: 9 }`. Default: all `normal`. */
  readonly priorities?: Readonly<Record<string, number>>;
  /** `poisson` (default): at random moments; `constant`: evenly. */
  readonly arrivals?: 'poisson' | 'constant';
  /** The caller gives up then. Default: never. */
  readonly timeoutMs?: number;
  /** One attempt is cut off then. Default: never. */
  readonly attemptTimeoutMs?: number;
  /** A success counts as good within this. Default: whenever it comes. */
  readonly goodWithinMs?: number;
  readonly instances: readonly InstanceScenario[];
  readonly policy?: PolicyOverrides;
  /** Left out: no retries. */
  readonly retries?: RetryScenario;
  /** Calls carry an affinity key, one of so many. Left out: none. */
  readonly affinityKeys?: number;
}
