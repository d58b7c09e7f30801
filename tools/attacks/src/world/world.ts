import type { Target } from './target.ts';

/** One server in production mode, and everything around it: an issuer, services that note what reaches them. */
export interface World {
  readonly targets: readonly Target[];
  onMessage(listener: (message: unknown) => void): void;
  close(): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

export interface WorldOptions {
  /** A module that the server loads first. */
  readonly preload?: URL;
  /** Attacks reach a BFF by way of an edge in a process of its own. */
  readonly isThroughEdge?: boolean;
}

/** Starts one kind of server, configured by `environment`. */
export type OpenWorld<Name extends string> = (
  server: Name,
  environment: Environment,
  options: WorldOptions,
) => Promise<World>;
