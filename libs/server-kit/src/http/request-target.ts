/** RFC 3986, 3.3 and 3.4: the characters that a path and a query consist of. No backslash, no `#`, no raw byte. */
const originForm = /^(\/[\w\-.~!$&'()*+,;=:@%/]*)(?:\?[\w\-.~!$&'()*+,;=:@%/?]*)?$/;
const brokenEscape = /%(?![\da-f]{2})/i;
/**
 * Escapes that another server might undo and read as a path of its own: dot, slash, backslash, the percent sign of a
 * double encoding, and control characters.
 */
const ambiguousEscape = /%(?:2e|2f|5c|25|7f|[01][\da-f])/i;

/**
 * What is wrong with a request target that two servers could understand differently; undefined when nothing is. Such a
 * target is never normalised and used: what is compared with a route table is, byte for byte, what the next server gets.
 */
export function faultOfTarget(target: string): string | undefined {
  const path = originForm.exec(target)?.[1];
  if (path === undefined) return 'must be a path, with a query at most, of characters that a URL may have';
  if (brokenEscape.test(target)) return 'has a percent sign without two hexadecimal digits';
  if (ambiguousEscape.test(path))
    return 'has an encoded dot, slash, backslash, percent sign or control character';
  if (path.includes('//')) return 'has an empty path segment';
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) return 'has a dot segment';
  // Overlong forms of a dot or a slash, for instance, which a careless decoder accepts.
  if (!isUtf8(path)) return 'has an escape that is not UTF-8';
  return undefined;
}

function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
