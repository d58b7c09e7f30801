/** For how long an answer may be given again, in milliseconds after it came. All 0: never. */
export interface CacheTimes {
  /** Given without asking the service. */
  readonly freshMs: number;
  /** So much longer it is given at once, while a newer one is fetched for the next caller (RFC 5861). */
  readonly staleWhileRevalidateMs: number;
  /** So much longer than fresh it is given when the service fails: 5xx, refused, reset, timed out (RFC 5861). */
  readonly staleIfErrorMs: number;
}

/** How the answers of one source may be reused. */
export interface CacheRule<Input, T> extends CacheTimes {
  /** `private`: for the same user, client, scopes and roles alone. `shared`: the answer is the same for everybody. */
  readonly scope: 'private' | 'shared';
  /** What the answer depends on beside the caller: the arguments. */
  key(input: Input): unknown;
  /** Names under which a write takes the answer away, `order:ord_1`. */
  tags?(input: Input, value: T): readonly string[];
}

/** The tag of everything about one order. */
export function orderTag(orderId: string): string {
  return `order:${orderId}`;
}

/** The tag of all private answers of one user: whatever he writes takes them away. */
export function userTag(subject: string): string {
  return `user:${subject}`;
}
