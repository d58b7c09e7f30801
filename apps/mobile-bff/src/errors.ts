import { AppError, type ErrorCode, type FieldFault } from '@bff/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Each error code as `extensions.code`, in the spelling that GraphQL clients know. */
const graphqlCodes: Readonly<Record<ErrorCode, string>> = {
  invalid_argument: 'BAD_USER_INPUT',
  unauthenticated: 'UNAUTHENTICATED',
  permission_denied: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  failed_precondition: 'FAILED_PRECONDITION',
  idempotency_key_reused: 'IDEMPOTENCY_KEY_REUSED',
  resource_exhausted: 'RESOURCE_EXHAUSTED',
  cancelled: 'CANCELLED',
  deadline_exceeded: 'DEADLINE_EXCEEDED',
  upstream_failed: 'UPSTREAM_FAILED',
  unavailable: 'UNAVAILABLE',
  unimplemented: 'UNIMPLEMENTED',
  internal: 'INTERNAL',
};

/** Codes of errors about the request itself, whose text graphql and Apollo Server write for the client. */
const requestErrorCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_NOT_REGISTERED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/** The arguments of the schema behind the fields that services name in their faults. */
const argumentNames: Readonly<Record<string, string>> = {
  orderId: 'id',
  pageSize: 'first',
  pageToken: 'after',
};

/** The error of a nullable field whose source did not deliver. */
export class MissingSourceError extends Error {
  override readonly name = 'MissingSourceError';
  readonly code: 'SOURCE_UNAVAILABLE' | 'SOURCE_TIMEOUT';
  readonly source: string;

  constructor(source: string, code: MissingSourceError['code']) {
    const when = code === 'SOURCE_TIMEOUT' ? 'did not arrive in time' : 'is not available at the moment';
    super(`The ${source} ${when}; the rest of the answer is complete.`);
    this.code = code;
    this.source = source;
  }
}

/** Why the part that `source` should have delivered is missing, for the client. */
export function missingSource(source: string, code: ErrorCode | 'skipped'): Error {
  if (code === 'skipped') return new Error(`The ${source} is selected and was not asked for.`);
  return new MissingSourceError(
    source,
    code === 'deadline_exceeded' ? 'SOURCE_TIMEOUT' : 'SOURCE_UNAVAILABLE',
  );
}

/** An error as it stands in `errors[]`, without `path`. */
export function presentError(error: AppError): GraphQLFormattedError {
  const { code, message, faults } = error;
  const named = faults.length > 0 ? { faults: faults.map(nameArgument) } : {};
  return { message, extensions: { code: graphqlCodes[code], ...named } };
}

function nameArgument({ field, message }: FieldFault): FieldFault {
  return { field: argumentNames[field] ?? field, message };
}

/**
 * Decides what a client sees of an error: AppErrors and missing sources as they are, errors about the request as graphql
 * words them, of everything else nothing. The last word on every error (`formatError` of Apollo Server).
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const origin = originOf(thrown);
  const path = formatted.path ? { path: formatted.path } : {};
  if (origin instanceof MissingSourceError) {
    const { message, code, source } = origin;
    return { message, ...path, extensions: { code, source } };
  }
  const code = formatted.extensions?.['code'];
  if (origin instanceof GraphQLError && requestErrorCodes.has(code)) {
    const { locations } = formatted;
    const message = formatted.message.replaceAll(/apollo server/gi, 'This server');
    return { message, ...(locations ? { locations } : {}), ...path, extensions: { code } };
  }
  const { message, extensions = {} } = presentError(AppError.from(origin));
  return { message, ...path, extensions };
}

/** The failure that was thrown, below the GraphQLErrors that carry it. */
export function originOf(thrown: unknown): unknown {
  let origin = thrown;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

interface PresentableResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** A result as the client may see it. */
export function presentResult({ data, errors }: PresentableResult): object {
  const shown = errors?.map((error) => formatError(error.toJSON(), error));
  return { ...(data === undefined ? {} : { data }), ...(shown ? { errors: shown } : {}) };
}
