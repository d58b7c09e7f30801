import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { refused } from './refused.ts';

/** What one operation may ask for, with its fragments written out. */
export interface DocumentLimits {
  /** Levels of nested fields. Introspection is not counted: graphql bounds it itself. */
  maxDepth: number;
  /** Aliased fields: each alias at the root is one more fetch. */
  maxAliases: number;
  maxFields: number;
}

/**
 * How often fields may answer under one name in a selection, fragments written out: each is compared with each of the
 * others (OverlappingFieldsCanBeMerged), so a hundred are five thousand comparisons.
 */
const maxSameName = 20;

interface Size {
  depth: number;
  aliases: number;
  fields: number;
  /** How often each name is answered right here, and the most that any name is anywhere below. */
  names: ReadonlyMap<string, number>;
  sameName: number;
  /** A fragment contains itself. */
  isCyclic: boolean;
}

/**
 * Refuses a document that asks for too much, before any other rule looks into it: fragments that spread each other twice
 * stand for 2ⁿ fields, and rules such as OverlappingFieldsCanBeMerged compare them all. Itself it takes time
 * proportional to the text, since every fragment is measured once.
 */
export function limitDocument(limits: DocumentLimits): ValidationRule {
  return (validation) => ({
    Document(document) {
      const faults = findFaults(document, limits);
      for (const fault of faults) validation.reportError(refused(fault));
      // Null takes the document away from the rules after it, and with that their whole work.
      return faults.length > 0 ? null : undefined;
    },
  });
}

function findFaults(document: DocumentNode, limits: DocumentLimits): string[] {
  const measure = createMeasure(document);
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const size = measure(definition.selectionSet);
    return [
      ...tooMuch('levels of nested fields', size.depth, limits.maxDepth),
      ...tooMuch('aliases', size.aliases, limits.maxAliases),
      ...tooMuch('fields', size.fields, limits.maxFields),
      ...tooMuch('fields of the same name in one selection', size.sameName, maxSameName),
      ...(size.isCyclic ? ['A fragment cannot contain itself.'] : []),
    ];
  });
}

function tooMuch(what: string, asked: number, most: number): string[] {
  return asked > most ? [`The operation has more than ${most} ${what}; ask for less in one operation.`] : [];
}

function createMeasure(document: DocumentNode): (selections: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Size>();
  const measureFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    // Whoever asks again before it is measured is inside it.
    measured.set(name, cyclic);
    // Unknown fragments are for graphql's own rules to refuse; here they are empty.
    const size = fragment ? measure(fragment.selectionSet) : nothing;
    measured.set(name, size);
    return size;
  };
  const measureSelection = (node: SelectionNode): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return measureFragment(node.name.value);
    const inner = node.selectionSet ? measure(node.selectionSet) : nothing;
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    const isIntrospection = node.name.value === '__schema' || node.name.value === '__type';
    return {
      depth: isIntrospection ? 1 : inner.depth + 1,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      fields: inner.fields + 1,
      names: new Map([[(node.alias ?? node.name).value, 1]]),
      sameName: inner.sameName,
      isCyclic: inner.isCyclic,
    };
  };
  const measure = (selectionSet: SelectionSetNode): Size =>
    addUp(selectionSet.selections.map(measureSelection));
  return measure;
}

const nothing: Size = {
  depth: 0,
  aliases: 0,
  fields: 0,
  names: new Map(),
  sameName: 0,
  isCyclic: false,
};
const cyclic: Size = { ...nothing, isCyclic: true };

function addUp(sizes: readonly Size[]): Size {
  const sum = { ...nothing };
  const names = new Map<string, number>();
  for (const size of sizes) {
    sum.depth = Math.max(sum.depth, size.depth);
    sum.aliases += size.aliases;
    sum.fields += size.fields;
    sum.sameName = Math.max(sum.sameName, size.sameName);
    sum.isCyclic ||= size.isCyclic;
    for (const [name, count] of size.names) {
      const together = (names.get(name) ?? 0) + count;
      names.set(name, together);
      sum.sameName = Math.max(sum.sameName, together);
    }
  }
  return { ...sum, names };
}
