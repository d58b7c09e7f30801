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

interface Size {
  depth: number;
  aliases: number;
  fields: number;
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
    // Unknown fragments and cycles are for graphql's own rules to refuse; here they end.
    measured.set(name, nothing);
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
    };
  };
  const measure = (selectionSet: SelectionSetNode): Size =>
    selectionSet.selections.map(measureSelection).reduce(add, nothing);
  return measure;
}

const nothing: Size = { depth: 0, aliases: 0, fields: 0 };

function add(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    fields: one.fields + other.fields,
  };
}
