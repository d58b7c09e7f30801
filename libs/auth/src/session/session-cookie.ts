/** What the cookies of one site are called and where browsers may send them. */
export interface CookieOptions {
  /** Without it browsers send cookies over plain HTTP, too, and other sites of the domain can plant them. For development alone. */
  secure: boolean;
}

export interface CookieJar {
  readonly session: string;
  /** The cookie of one sign-in under way. */
  signIn(state: string): string;
  isSignIn(name: string): boolean;
  /** A `Set-Cookie` value; without `maxAgeSeconds` the cookie goes with the browser's own session. */
  set(name: string, value: string, maxAgeSeconds?: number): string;
  clear(name: string): string;
}

/** `__Host-` (RFC 6265bis): only from this host, over TLS, for all of it; a sister site cannot plant one. */
export function createCookieJar({ secure }: CookieOptions): CookieJar {
  const prefix = secure ? '__Host-' : '';
  const signInPrefix = `${prefix}sign-in-`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    session: `${prefix}session`,
    signIn: (state) => signInPrefix + state.slice(0, 16),
    isSignIn: (name) => name.startsWith(signInPrefix),
    set: (name, value, maxAgeSeconds) =>
      `${name}=${value}; ${attributes}${maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`}`,
    clear: (name) => `${name}=; ${attributes}; Max-Age=0`,
  };
}

/** The cookies of a `Cookie` header. A name that is given twice with different values counts as not given: one of them was planted. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  const twice = new Set<string>();
  for (const part of (header ?? '').split(';')) {
    const pair = part.trim();
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const name = pair.slice(0, at).trimEnd();
    const value = pair.slice(at + 1).trimStart();
    if (cookies.has(name) && cookies.get(name) !== value) twice.add(name);
    cookies.set(name, value);
  }
  for (const name of twice) cookies.delete(name);
  return cookies;
}
