import type { Fetch } from '../fetch-jwks.ts';

export interface ObtainTokenOptions {
  /** The issuer's URL, `http://127.0.0.1:8090`. */
  issuer: string;
  client: 'web' | 'mobile' | 'wearable';
  user: string;
  password: string;
  /** The resource that the token is for, `urn:bff:mobile-bff`. */
  audience: string;
  /** Default: everything that the client may ask for. */
  scope?: string;
  /** Only client `web` has one. */
  clientSecret?: string;
  redirectUri?: string;
  fetch?: Fetch;
}

export interface ObtainedToken {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken?: string;
  idToken?: string;
}

/** Signs a user in without a browser, through the flow that the client really uses. */
export async function obtainToken(options: ObtainTokenOptions): Promise<ObtainedToken> {
  throw new Error(`not written yet: ${options.client}`);
}
