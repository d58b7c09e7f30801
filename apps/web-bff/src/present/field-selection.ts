import { z } from 'zod';

/** The chosen fields; below each either all or those named. Undefined: everything. */
export type FieldSelection = ReadonlyMap<string, 'all' | ReadonlySet<string>> | undefined;

/** Every path that `fields=` may name for a view: `total`, `total.currency`, … Two levels are enough for a screen. */
export function fieldPaths(view: z.ZodObject): string[] {
  return Object.entries<z.core.$ZodType>(view.shape).flatMap(([name, field]) => [
    name,
    ...innerNames(field).map((inner) => `${name}.${inner}`),
  ]);
}

function innerNames(field: z.core.$ZodType): string[] {
  if (field instanceof z.ZodNullable || field instanceof z.ZodOptional) return innerNames(field.unwrap());
  if (field instanceof z.ZodArray) return innerNames(field.element);
  return field instanceof z.ZodObject ? Object.keys(field.shape) : [];
}

/** Makes a selection of paths that `fieldPaths` lists. */
export function selectFields(paths: readonly string[]): FieldSelection {
  const selection = new Map<string, 'all' | Set<string>>();
  for (const path of paths) {
    const [name = '', inner] = path.split('.');
    const chosen = selection.get(name);
    if (inner === undefined) selection.set(name, 'all');
    else if (chosen === undefined) selection.set(name, new Set([inner]));
    else if (chosen !== 'all') chosen.add(inner);
  }
  return selection;
}

/** Is anything of this field wanted? */
export function selects(selection: FieldSelection, name: string): boolean {
  return selection === undefined || selection.has(name);
}

/** The chosen part of a view, in the view's own order. */
export function pickFields<View extends object>(view: View, selection: FieldSelection): Partial<View> {
  if (selection === undefined) return view;
  const picked = Object.entries(view).flatMap(([name, value]) => {
    const chosen = selection.get(name);
    return chosen === undefined ? [] : [[name, chosen === 'all' ? value : pickInner(value, chosen)]];
  });
  return Object.fromEntries(picked) as Partial<View>;
}

function pickInner(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => pickInner(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name)));
}
