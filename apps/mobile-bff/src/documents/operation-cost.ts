import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

export interface CostedOperation {
  schema: GraphQLSchema;
  /** Valid, and within the limits of its size: fragments end. */
  document: DocumentNode;
  operationName: string | null | undefined;
  /** As the client sent them. */
  variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** How many entries a list without a page size is taken to have: the lines of an order, the events of a shipment. */
const listLength = 5;
const defaultFirst = 20;
const maxFirst = 100;

/**
 * The number of objects that an operation can make the server fetch and write, at most: an object is 1, a page counts
 * `first` times what one entry costs. Fields without a selection are free. Unlike depth and aliases it sees that
 * a hundred orders under ten aliases are a thousand.
 */
export function operationCost({ schema, document, operationName, variables }: CostedOperation): number {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  );
  const valueOf = (name: string): unknown => variables?.[name] ?? defaults.get(name);

  const costOfField = (field: FieldNode, parent: GraphQLNamedType, pageSize: number): number => {
    const type = fieldTypeOf(parent, field.name.value);
    const named = type && getNamedType(type);
    if (!field.selectionSet || !isCompositeType(named)) return 0;
    const inner = costOf(field.selectionSet, named, isConnection(named) ? pageSizeOf(field, valueOf) : 0);
    const times = isListType(getNullableType(type)) ? pageSize || listLength : 1;
    return times * (1 + inner);
  };
  // `pageSize` is that of the connection whose fields are selected; 0 everywhere else.
  const costOf = (selections: SelectionSetNode, parent: GraphQLNamedType, pageSize: number): number =>
    selections.selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + costOfField(node, parent, pageSize);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (!fragment) return sum;
      const on = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
      return sum + costOf(fragment.selectionSet, on ?? parent, pageSize);
    }, 0);
  return costOf(operation.selectionSet, root, 0);
}

function isConnection({ name }: GraphQLNamedType): boolean {
  return name.endsWith('Connection');
}

function fieldTypeOf(parent: GraphQLNamedType, name: string) {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name]?.type : undefined;
}

/** What `first` says, or the schema's default. */
function pageSizeOf(field: FieldNode, valueOf: (variable: string) => unknown): number {
  const first = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  const value =
    first?.kind === Kind.VARIABLE ? valueOf(first.name.value) : first && Number(valueFromASTUntyped(first));
  return typeof value === 'number' ? Math.min(Math.max(1, Math.trunc(value)), maxFirst) : defaultFirst;
}
