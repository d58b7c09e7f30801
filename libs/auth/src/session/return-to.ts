const longest = 1_000;

/**
 * Where to go after sign-in: a path of this site, or `/`. Anything that a browser might read as another site is not taken:
 * `//host`, backslashes, control characters, encoded slashes at the start, a scheme.
 */
export function safeReturnTo(value: unknown): string {
  if (typeof value !== 'string' || value.length > longest) return '/';
  // Printable ASCII without the backslash: browsers drop tabs and line feeds, and read a backslash as a slash.
  if (!/^\/(?![/\\]|%2f|%5c)[\x21-\x5b\x5d-\x7e]*$/i.test(value)) return '/';
  const base = 'http://this.invalid';
  const url = URL.parse(value, base);
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
  // Back to signing in would be a circle.
  if (url.pathname.startsWith('/auth/')) return '/';
  return url.pathname + url.search + url.hash;
}
