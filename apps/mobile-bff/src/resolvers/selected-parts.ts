import type { OrderInclude } from '@bff/aggregation';
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql';

/** What the reading of a selection needs of `GraphQLResolveInfo`. */
export type Selection = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * Which optional parts of the orders below a field are selected; what is not is not fetched. `path` leads from the field
 * to the order (`['edges', 'node']`). Looks through fragments, aliases, `@include` and `@skip`.
 */
export function selectedParts(selection: Selection, path: readonly string[] = []): OrderInclude {
  const orders = path.reduce(
    (fields, name) => childFields(fields, name, selection),
    [...selection.fieldNodes],
  );
  return {
    payment: childFields(orders, 'payment', selection).length > 0,
    shipment: childFields(orders, 'shipment', selection).length > 0,
  };
}

/** All selections of the field `name` directly below these fields, under whatever alias. */
function childFields(parents: readonly FieldNode[], name: string, selection: Selection): FieldNode[] {
  const found: FieldNode[] = [];
  // A fragment says the same wherever it is spread, so once is enough; nested spreads cannot multiply either.
  const seen = new Set<string>();
  const visit = (nodes: readonly SelectionNode[]): void => {
    for (const node of nodes) {
      if (!isIncluded(node, selection)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value === name) found.push(node);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        visit(node.selectionSet.selections);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        visit(selection.fragments[node.name.value]?.selectionSet.selections ?? []);
      }
    }
  };
  for (const parent of parents) visit(parent.selectionSet?.selections ?? []);
  return found;
}

function isIncluded(node: SelectionNode, { variableValues }: Selection): boolean {
  // Both directives require `if`, a boolean, which validation has seen to.
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
}
