import { z } from 'zod';

/** An object that refuses a field it does not know, and says which ones it knows. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `there is no ${quoted(issue.keys)}; known: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

function quoted(keys: unknown): string {
  return (keys as readonly string[]).map((key) => `"${key}"`).join(', ');
}
