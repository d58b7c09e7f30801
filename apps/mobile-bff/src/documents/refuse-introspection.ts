import type { ASTVisitor, ValidationContext } from 'graphql';
import { refused } from './refused.ts';

/** For production: the schema is not told. `__typename` tells nothing and clients need it for their caches. */
export function refuseIntrospection(validation: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '__schema' && node.name.value !== '__type') return;
      validation.reportError(refused('The schema cannot be asked for here.', { nodes: node }));
    },
  };
}
