import { GraphQLError, type ASTNode } from 'graphql';

/**
 * A document that is good GraphQL and that this server does not answer: too large, too deep, not registered. The
 * request is refused (HTTP 400) whatever media type the client accepts; a document that is merely wrong is not.
 */
export function refused(message: string, options: { code?: string; nodes?: ASTNode } = {}): GraphQLError {
  const { code = 'GRAPHQL_VALIDATION_FAILED', nodes } = options;
  const extensions = { code, http: { status: 400 }, refused: true };
  return new GraphQLError(message, { extensions, ...(nodes ? { nodes } : {}) });
}

/** Was the request refused, in distinction to being wrong? */
export function isRefused(error: GraphQLError): boolean {
  // The text is graphql's own, which has no code for it; a test notices when it changes.
  return error.extensions['refused'] === true || error.message.endsWith('tokens. Parsing aborted.');
}
