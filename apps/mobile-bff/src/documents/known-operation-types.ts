import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';

/**
 * Refuses a mutation or subscription where the schema has none. Otherwise nothing notices before execution, and what
 * is the client's mistake is answered as an error of ours (graphql 17 has this as KnownOperationTypesRule).
 */
export function knownOperationTypes(validation: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (validation.getSchema().getRootType(node.operation)) return undefined;
      validation.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
      return false;
    },
  };
}
