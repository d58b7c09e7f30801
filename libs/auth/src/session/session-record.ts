/** The user's tokens. They are in memory and, sealed, in the store; nowhere else. Times in milliseconds since the epoch. */
export interface SessionTokens {
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

/** What a sign-in gives. */
export interface SignInGrant {
  readonly subject: string;
  readonly name?: string;
  /** The issuer's name for its own session, for back-channel logout. */
  readonly issuerSession?: string;
  readonly tokens: SessionTokens;
}

export interface SessionRecord extends SignInGrant {
  readonly startedAt: number;
  /** However much it is used, it ends then. */
  readonly endsAt: number;
  readonly seenAt: number;
  /** Grows with every refresh. */
  readonly generation: number;
  /** Who has asked for new tokens and not stored them yet. `beat` changes while he lives without a lease. */
  readonly renewing?: { readonly by: string; readonly beat: number };
}
