/** What a write that outlives its process needs of the shared state; `KeyValueStore` of `@bff/state` offers it. */
export interface CheckoutStore {
  get(key: string): Promise<StoredEntry | undefined>;
  set(key: string, value: string, until: { readonly timeToLiveMs: number }): Promise<string>;
  /** The new version; `undefined` when the present version is not the expected one. */
  compareAndSet(
    key: string,
    expected: string | undefined,
    value: string,
    until: { readonly timeToLiveMs: number },
  ): Promise<string | undefined>;
  /** With `expected`: only in this version. */
  delete(key: string, expected?: string): Promise<boolean>;
  list(
    prefix: string,
    options: { readonly limit: number; readonly after?: string },
  ): Promise<readonly (StoredEntry & { readonly key: string })[]>;
  /** `undefined` while somebody else holds it; ends by itself when its holder dies. */
  acquireLease(name: string, options: { readonly timeToLiveMs: number }): Promise<StoreLease | undefined>;
}

export interface StoredEntry {
  readonly value: string;
  readonly version: string;
}

export interface StoreLease {
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Keeps the journal unreadable for whoever sees the store: it names users, addresses and means of payment. */
export interface Sealer {
  /** `boundTo` is where the text belongs: sealed for one place, it does not open at another. */
  seal(text: string, boundTo: string): string;
  /** Throws for what was not sealed with a known key, or for another place. */
  open(sealed: string, boundTo: string): string;
}
