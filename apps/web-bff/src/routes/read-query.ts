import { z } from 'zod';
import type { Request } from 'express';
import { invalidQuery } from '../errors.ts';
import { fieldPaths, selectFields, type FieldSelection } from '../present/field-selection.ts';

/** The query of a request as its schema has it. Throws `invalid_argument` that names every fault. */
export function readQuery<S extends z.ZodObject>(schema: S, { query }: Request): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw invalidQuery(parsed.error.issues, Object.keys(schema.shape));
}

/** A parameter that is given at most once: express makes an array of one that is repeated. */
export const parameter = () => z.string({ error: 'must be given once' });

/** `fields=orderId,payment.status`: what of the view is wanted; everything unless given. */
export function fieldsParameter(table: Readonly<Record<string, readonly string[]>>) {
  const allowed = fieldPaths(table);
  return parameter()
    .transform((text, context): FieldSelection => {
      const paths = text.split(',');
      for (const path of paths) {
        if (allowed.includes(path)) continue;
        const shown = path === '' ? 'an empty name' : `"${path.slice(0, 40)}"`;
        context.addIssue({
          code: 'custom',
          message: `has no field ${shown}; allowed are ${allowed.join(', ')}`,
        });
      }
      return selectFields(paths);
    })
    .optional();
}
