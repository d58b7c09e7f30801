import {
  Kind,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** What a selection asks for, with its fragments written out. */
export interface Size {
  depth: number;
  aliases: number;
  fields: number;
  directives: number;
  valueDepth: number;
  /** How often each name is answered right here, and the most that any name is anywhere below. */
  names: ReadonlyMap<string, number>;
  sameName: number;
  /** A fragment contains itself. */
  isCyclic: boolean;
}

/** Measures operations of one document, each fragment once: the time is proportional to the text. */
export function createMeasure(document: DocumentNode): (operation: OperationDefinitionNode) => Size {
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
    const size = fragment
      ? addUp([measure(fragment.selectionSet), sizeOfDirectives(fragment.directives)])
      : nothing;
    measured.set(name, size);
    return size;
  };
  const measureSelection = (node: SelectionNode): Size => {
    const own = sizeOfDirectives(node.directives);
    if (node.kind === Kind.FRAGMENT_SPREAD) return withDirectives(measureFragment(node.name.value), own);
    const inner = withDirectives(node.selectionSet ? measure(node.selectionSet) : nothing, own);
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    const isIntrospection = node.name.value === '__schema' || node.name.value === '__type';
    return {
      depth: isIntrospection ? 1 : inner.depth + 1,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      fields: inner.fields + 1,
      directives: inner.directives,
      valueDepth: Math.max(inner.valueDepth, depthOfArguments(node.arguments)),
      names: new Map([[(node.alias ?? node.name).value, 1]]),
      sameName: inner.sameName,
      isCyclic: inner.isCyclic,
    };
  };
  const measure = (selectionSet: SelectionSetNode): Size =>
    addUp(selectionSet.selections.map(measureSelection));
  return (operation) => addUp([measure(operation.selectionSet), ownSizeOf(operation)]);
}

const nothing: Size = {
  depth: 0,
  aliases: 0,
  fields: 0,
  directives: 0,
  valueDepth: 0,
  names: new Map(),
  sameName: 0,
  isCyclic: false,
};
const cyclic: Size = { ...nothing, isCyclic: true };

type Directives = readonly (DirectiveNode | ConstDirectiveNode)[] | undefined;

/** What an operation has beside its selections. */
function ownSizeOf({ directives, variableDefinitions = [] }: OperationDefinitionNode): Size {
  return addUp([
    sizeOfDirectives(directives),
    ...variableDefinitions.map((variable) =>
      withDirectives(
        { ...nothing, valueDepth: variable.defaultValue ? depthOf(variable.defaultValue) : 0 },
        sizeOfDirectives(variable.directives),
      ),
    ),
  ]);
}

function sizeOfDirectives(directives: Directives): Size {
  if (!directives || directives.length === 0) return nothing;
  const valueDepth = Math.max(...directives.map((directive) => depthOfArguments(directive.arguments)));
  return { ...nothing, directives: directives.length, valueDepth };
}

function withDirectives(size: Size, own: Size): Size {
  if (own === nothing) return size;
  return {
    ...size,
    directives: size.directives + own.directives,
    valueDepth: Math.max(size.valueDepth, own.valueDepth),
  };
}

function depthOfArguments(given: readonly { readonly value: ValueNode }[] | undefined): number {
  return given?.reduce((deepest, { value }) => Math.max(deepest, depthOf(value)), 0) ?? 0;
}

/** The number of tokens bounds how deep this goes. */
function depthOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + Math.max(0, ...value.values.map(depthOf));
  if (value.kind === Kind.OBJECT) return 1 + depthOfArguments(value.fields);
  return 0;
}

function addUp(sizes: readonly Size[]): Size {
  const sum = { ...nothing };
  const names = new Map<string, number>();
  for (const size of sizes) {
    sum.depth = Math.max(sum.depth, size.depth);
    sum.aliases += size.aliases;
    sum.fields += size.fields;
    sum.directives += size.directives;
    sum.valueDepth = Math.max(sum.valueDepth, size.valueDepth);
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
