export type Json = Record<string, unknown>;

/** A schema in the document that its references belong to. */
export interface SchemaIn {
  readonly schema: unknown;
  readonly document: Json;
}

/** Which way values go: what a client sends must still be taken, what it gets must still be what it knows. */
export type Direction = 'request' | 'response';

export interface Comparison {
  readonly before: SchemaIn;
  readonly after: SchemaIn;
  readonly direction: Direction;
  /** Where the schema stands, in words. */
  readonly where: string;
}

/** Pairs of references on the way down: a schema that contains itself ends there. */
type Visited = ReadonlySet<string>;

/**
 * What of a JSON Schema's change breaks clients. Values of the narrower side must all be values of the wider: for a request
 * the old schema is the narrower, for a response the new one. Fields may be added to both.
 */
export function compareSchemas(comparison: Comparison, visited: Visited = new Set()): string[] {
  const key = JSON.stringify([refOf(comparison.before), refOf(comparison.after)]);
  const recursive = key !== '[null,null]';
  if (recursive && visited.has(key)) return [];
  const seen = recursive ? new Set([...visited, key]) : visited;
  const before = resolve(comparison.before);
  const after = resolve(comparison.after);
  const resolved = { ...comparison, before, after };
  if (optionsOf(before) || optionsOf(after)) return compareOptions(resolved, seen);
  const { where, direction } = comparison;
  const [narrow, wide] = direction === 'request' ? [before, after] : [after, before];
  return [
    ...compareTypes(asJson(narrow.schema), asJson(wide.schema), where, direction),
    ...compareValues(asJson(narrow.schema), asJson(wide.schema), where, direction),
    ...compareLimits(asJson(narrow.schema), asJson(wide.schema), where),
    ...compareObjects(resolved, seen),
    ...compareItems(resolved, seen),
  ];
}

/** Each way to be right on the narrow side must be one on the wide side. */
function compareOptions({ before, after, direction, where }: Comparison, visited: Visited): string[] {
  const [narrow, wide] = direction === 'request' ? [before, after] : [after, before];
  const wideOptions = optionsOf(wide) ?? [wide.schema];
  return (optionsOf(narrow) ?? [narrow.schema]).flatMap((option) => {
    const faults = wideOptions.map((candidate) => {
      const own = { schema: option, document: narrow.document };
      const other = { schema: candidate, document: wide.document };
      const pair = direction === 'request' ? { before: own, after: other } : { before: other, after: own };
      return compareSchemas({ ...pair, direction, where }, visited);
    });
    const fewest = faults.toSorted((one, other) => one.length - other.length)[0] ?? [];
    return faults.some((list) => list.length === 0) ? [] : fewest;
  });
}

function compareTypes(narrow: Json, wide: Json, where: string, direction: Direction): string[] {
  const allowed = typesOf(wide);
  if (!allowed) return [];
  const given = typesOf(narrow);
  const fits = (type: string) => allowed.includes(type) || (type === 'integer' && allowed.includes('number'));
  if (given?.every(fits)) return [];
  const [from, to] = direction === 'request' ? [given, allowed] : [allowed, given];
  return [`${where}: type was ${from?.join(' or ') ?? 'any'}, is ${to?.join(' or ') ?? 'any'}`];
}

function compareValues(narrow: Json, wide: Json, where: string, direction: Direction): string[] {
  const allowed = valuesOf(wide);
  if (!allowed) return [];
  const given = valuesOf(narrow);
  const what = direction === 'request' ? 'is no longer taken' : 'is new, and clients do not know it';
  if (!given) return [`${where}: ${direction === 'request' ? 'takes' : 'had'} only ${allowed.join(', ')}`];
  return given.filter((value) => !allowed.includes(value)).map((value) => `${where}: ${value} ${what}`);
}

const lowerLimits = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const upperLimits = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];

function compareLimits(narrow: Json, wide: Json, where: string): string[] {
  const limit = (schema: Json, name: string, none: number) => Number(schema[name] ?? none);
  const broken = [
    ...lowerLimits.filter((name) => limit(wide, name, -Infinity) > limit(narrow, name, -Infinity)),
    ...upperLimits.filter((name) => limit(wide, name, Infinity) < limit(narrow, name, Infinity)),
    ...['pattern', 'format'].filter((name) => wide[name] !== undefined && wide[name] !== narrow[name]),
  ];
  return broken.map((name) => `${where}: ${name} differs`);
}

function compareObjects({ before, after, direction, where }: Comparison, visited: Visited): string[] {
  const [old, now] = [asJson(before.schema), asJson(after.schema)];
  const [narrow, wide] = direction === 'request' ? [old, now] : [now, old];
  const oldFields = asJson(old['properties']);
  const newFields = asJson(now['properties']);
  const needless = namesOf(narrow['required']);
  const required = namesOf(wide['required']).filter((name) => !needless.includes(name) && name in newFields);
  const reason = direction === 'request' ? 'is now required' : 'may now be missing';
  const closed = old['additionalProperties'] !== false && now['additionalProperties'] === false;
  return [
    ...(direction === 'request' && closed ? [`${where}: other fields are no longer taken`] : []),
    ...Object.keys(oldFields)
      .filter((name) => !(name in newFields))
      .map((name) => `${where}.${name}: was removed`),
    ...required.map((name) => `${where}.${name}: ${reason}`),
    ...Object.entries(oldFields)
      .filter(([name]) => name in newFields)
      .flatMap(([name, field]) => {
        const pair = {
          before: { schema: field, document: before.document },
          after: { schema: newFields[name], document: after.document },
        };
        return compareSchemas({ ...pair, direction, where: `${where}.${name}` }, visited);
      }),
  ];
}

function compareItems({ before, after, direction, where }: Comparison, visited: Visited): string[] {
  const [old, now] = [asJson(before.schema)['items'], asJson(after.schema)['items']];
  if (old === undefined || now === undefined) return [];
  const pair = {
    before: { schema: old, document: before.document },
    after: { schema: now, document: after.document },
  };
  return compareSchemas({ ...pair, direction, where: `${where}[]` }, visited);
}

function refOf({ schema }: SchemaIn): unknown {
  return asJson(schema)['$ref'];
}

/** Follows references within the document; throws for one that leads nowhere. */
export function resolve({ schema, document }: SchemaIn): SchemaIn {
  const reference = refOf({ schema, document });
  if (typeof reference !== 'string') return { schema, document };
  const target = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (value, part) => asJson(value)[part.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );
  if (target === undefined) throw new Error(`The document has no ${reference}.`);
  return resolve({ schema: target, document });
}

function optionsOf({ schema }: SchemaIn): unknown[] | undefined {
  const { anyOf, oneOf } = asJson(schema);
  const options = anyOf ?? oneOf;
  return Array.isArray(options) ? (options as unknown[]) : undefined;
}

function typesOf({ type }: Json): string[] | undefined {
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? (type as string[]) : undefined;
}

function valuesOf(schema: Json): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  const values = schema['enum'];
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : undefined;
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

export function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
