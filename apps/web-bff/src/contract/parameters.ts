import { z } from 'zod';
import { fieldPaths, selectFields, type FieldSelection } from '../present/field-selection.ts';

/** A parameter that is given at most once: express makes an array of one that is repeated. */
export const parameter = () => z.string({ error: 'must be given once' });

/** `fields=orderId,payment.status`: what of the view is wanted; everything unless given. */
export function fieldsParameter(view: z.ZodObject) {
  const allowed = fieldPaths(view);
  return (
    parameter()
      .transform((text, context): FieldSelection => {
        const paths = text.split(',');
        for (const path of paths) {
          if (allowed.includes(path)) continue;
          const shown = path === '' ? 'an empty name' : `"${path.slice(0, 40)}"`;
          const message = `has no field ${shown}; allowed are ${allowed.join(', ')}`;
          context.addIssue({ code: 'custom', message });
        }
        return selectFields(paths);
      })
      .optional()
      // OpenAPI writes a list with commas as an array with `explode: false`.
      .meta({
        type: 'array',
        items: { type: 'string', enum: allowed },
        description: 'Only these fields. What belongs to the fields left out is not fetched.',
      })
  );
}

/** The view with every field optional, two levels deep: what an answer with `fields` may look like. */
export function sparseView(view: z.ZodObject): z.ZodObject {
  const fields = Object.entries<z.core.$ZodType>(view.shape).map(
    ([name, field]) => [name, sparseField(field)] as const,
  );
  return z.object(Object.fromEntries(fields)).partial();
}

function sparseField(field: z.core.$ZodType): z.core.$ZodType {
  if (field instanceof z.ZodNullable) return z.nullable(sparseField(field.unwrap()));
  if (field instanceof z.ZodArray) return z.array(sparseField(field.element));
  return field instanceof z.ZodObject ? field.partial() : field;
}
