import type { KeyValueStore } from '../../key-value-store.ts';

/** How the suite gets the stores of several instances that share one state, and how time passes for them. */
export interface StoreHarness {
  /** One more instance. */
  open(namespace?: string): Promise<KeyValueStore>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  /** Closes what was opened and forgets what was stored. */
  dispose(): Promise<void>;
}

/** Two instances that share one state, made anew for every test. */
export interface StoreSubject {
  readonly harness: StoreHarness;
  readonly one: KeyValueStore;
  readonly two: KeyValueStore;
}
