import { relative } from 'node:path';

/** A path as its user would write it: relative where that is shorter to read. */
export function shownPath(path: string, directory: string): string {
  const fromHere = relative(directory, path);
  return fromHere.startsWith('..') ? path : fromHere;
}
