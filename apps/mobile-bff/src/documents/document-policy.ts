import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ParseOptions,
  type ValidationRule,
} from 'graphql';
import { knownOperationTypes } from './known-operation-types.ts';
import { limitDocument, type DocumentLimits } from './limit-document.ts';
import { operationCost } from './operation-cost.ts';
import { refuseIntrospection } from './refuse-introspection.ts';
import { refused } from './refused.ts';

export interface DocumentPolicyOptions {
  schema: GraphQLSchema;
  isProduction: boolean;
  limits: DocumentLimits & {
    /** Longer documents are not even parsed. */
    maxTokens: number;
    maxCost: number;
  };
}

interface ValidationOptions {
  /** Each fault costs time to describe; who develops wants to see some together, in production the first will do. */
  maxErrors: number;
  /** «Did you mean» tells the schema to whoever asks long enough, and costs more than finding the fault. */
  hideSuggestions: boolean;
}

/** What a client chose to execute of a document. */
export interface ChosenOperation {
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
}

/** What documents are answered, whatever carries them. */
export interface DocumentPolicy {
  readonly parseOptions: ParseOptions;
  readonly validationOptions: ValidationOptions;
  /** Beside the rules of GraphQL itself. */
  readonly rules: readonly ValidationRule[];
  /** Throws for an operation that could cost too much; the document is valid by then. */
  checkCost(operation: ChosenOperation): void;
  /** For what Apollo Server does not do, a subscription: parses and validates. Throws the first fault. */
  read(text: string): DocumentNode;
}

export function createDocumentPolicy(options: DocumentPolicyOptions): DocumentPolicy {
  const { schema, isProduction, limits } = options;
  const parseOptions = { maxLexicalTokens: limits.maxTokens };
  const validationOptions = { maxErrors: isProduction ? 1 : 10, hideSuggestions: isProduction };
  const rules = [limitDocument(limits), knownOperationTypes, ...(isProduction ? [refuseIntrospection] : [])];
  return {
    parseOptions,
    validationOptions,
    rules,
    checkCost({ document, operationName, variables }) {
      const cost = operationCost({ schema, document, operationName, variables });
      if (cost > limits.maxCost) {
        throw refused(
          `The operation costs ${cost} and may cost ${limits.maxCost}; ask for fewer objects at once.`,
        );
      }
    },
    read(text) {
      const document = readOrFail('GRAPHQL_PARSE_FAILED', () => parse(text, parseOptions));
      return readOrFail('GRAPHQL_VALIDATION_FAILED', () => {
        const [fault] = validate(schema, document, [...rules, ...specifiedRules], {
          ...validationOptions,
          maxErrors: 1,
        });
        if (fault) throw fault;
        return document;
      });
    },
  };
}

/** Gives graphql's own errors the codes that Apollo Server gives them. */
function readOrFail<T>(code: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    const { message, nodes, source, positions, extensions } = thrown;
    throw new GraphQLError(message, {
      nodes: nodes ?? null,
      source: source ?? null,
      positions: positions ?? null,
      extensions: { code, ...extensions },
    });
  }
}

/** Throws when the document leaves open which operation is meant. */
export function isSubscription({ document, operationName }: ChosenOperation): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw new GraphQLError('The document has several operations; name one in operationName.', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    });
  }
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}
