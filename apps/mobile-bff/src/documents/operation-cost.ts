import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
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

  const costOfField = (field: FieldNode, parentName: string, pageSize: number): number => {
    const type = fieldTypeOf(schema, parentName, field.name.value);
    if (!type || !field.selectionSet) return 0;
    const { name } = getNamedType(type);
    const inner = costOf(field.selectionSet, name, isConnection(name) ? pageSizeOf(field, valueOf) : 0);
    const times = isListType(getNullableType(type)) ? pageSize || listLength : 1;
    return times * (1 + inner);
  };
  // `pageSize` is that of the connection whose fields are selected; 0 everywhere else.
  const costOf = (selections: SelectionSetNode, typeName: string, pageSize: number): number =>
    selections.selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + costOfField(node, typeName, pageSize);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (!fragment) return sum;
      const on = fragment.typeCondition?.name.value ?? typeName;
      return sum + costOf(fragment.selectionSet, on, pageSize);
    }, 0);
  return costOf(operation.selectionSet, root.name, 0);
}

function isConnection(typeName: string): boolean {
  return typeName.endsWith('Connection');
}

function fieldTypeOf(schema: GraphQLSchema, typeName: string, field: string): GraphQLOutputType | undefined {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[field]?.type : undefined;
}

/** What `first` says, or the schema's default. */
function pageSizeOf(field: FieldNode, valueOf: (variable: string) => unknown): number {
  const first = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  const value =
    first?.kind === Kind.VARIABLE ? valueOf(first.name.value) : first && Number(valueFromASTUntyped(first));
  return typeof value === 'number' ? Math.min(Math.max(1, Math.trunc(value)), maxFirst) : defaultFirst;
}
