type Inner<T> = T extends readonly (infer Item)[] ? Item : T extends object ? T : never;

/** The fields of a view, each with the fields below it that may be chosen one by one. */
export type FieldTable<View> = {
  readonly [K in keyof View]-?: readonly (keyof Inner<NonNullable<View[K]>> & string)[];
};

type AnyTable = Readonly<Record<string, readonly string[]>>;

/** The chosen fields; below each either all or those named. Undefined: everything. */
export type FieldSelection = ReadonlyMap<string, 'all' | ReadonlySet<string>> | undefined;

/** Every path that a table allows: `total`, `total.currency`, … */
export function fieldPaths(table: AnyTable): string[] {
  return Object.entries(table).flatMap(([name, below]) => [
    name,
    ...below.map((inner) => `${name}.${inner}`),
  ]);
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
