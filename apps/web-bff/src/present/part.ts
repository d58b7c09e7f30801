import type { Part } from '@bff/aggregation';

/** The view of a part; `null` when there is none and when it could not be had. */
export function presentPart<T, View>(part: Part<T | null>, present: (value: T) => View): View | null {
  return part.ok && part.value !== null ? present(part.value) : null;
}
