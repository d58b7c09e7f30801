import { Kind, type DocumentNode, type ValidationRule } from 'graphql';
import { createMeasure } from './measure-operation.ts';
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
/** Operations and fragments of one document, of which one operation is executed. */
const maxDefinitions = 50;
/** `@skip` and `@include` are all that there is. */
const maxDirectives = 30;
/** Lists and objects within each other in one value; a fault in a value is told by printing it, level by level. */
const maxValueDepth = 10;

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
  const tooMany = tooMuch('operations and fragments', document.definitions.length, maxDefinitions);
  if (tooMany.length > 0) return tooMany;
  const measure = createMeasure(document);
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const size = measure(definition);
    return [
      ...tooMuch('levels of nested fields', size.depth, limits.maxDepth),
      ...tooMuch('aliases', size.aliases, limits.maxAliases),
      ...tooMuch('fields', size.fields, limits.maxFields),
      ...tooMuch('directives', size.directives, maxDirectives),
      ...tooMuch('levels of lists and objects in a value', size.valueDepth, maxValueDepth),
      ...tooMuch('fields of the same name in one selection', size.sameName, maxSameName),
      ...(size.isCyclic ? ['A fragment cannot contain itself.'] : []),
    ];
  });
}

function tooMuch(what: string, asked: number, most: number): string[] {
  return asked > most ? [`The operation has more than ${most} ${what}; ask for less in one operation.`] : [];
}
