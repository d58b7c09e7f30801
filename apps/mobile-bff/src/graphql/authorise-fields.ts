import { createAuthorise, type AuthorisationTable } from '@bff/auth';
import type { Context } from '@bff/core';
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { GraphqlContext } from './graphql-context.ts';

type RootField = GraphQLField<unknown, GraphqlContext>;

/**
 * Has every field of Query, Mutation and Subscription decided by its row, before its resolver runs: what is refused asks no
 * service, and is an error at its own path, beside what is answered. Changes the schema. Throws when a field has no row, or a
 * row no field: nothing is served that nobody has decided about.
 */
export function authoriseFields<Name extends string>(
  schema: GraphQLSchema,
  table: AuthorisationTable<Name>,
  createContext: (context: Context) => GraphqlContext,
): GraphQLSchema {
  const authorise = createAuthorise<string>(table);
  const fields = rootFieldsOf(schema);
  const undecided = [...fields.keys()].filter((name) => !Object.hasOwn(table, name));
  const leftOver = Object.keys(table).filter((name) => !fields.has(name));
  if (undecided.length + leftOver.length > 0) {
    throw new Error(
      `authorisation.ts lacks rows for [${undecided.join(', ')}] and has some for nothing: [${leftOver.join(', ')}]`,
    );
  }
  const decide = (name: string, given: GraphqlContext): GraphqlContext => {
    const { principal } = authorise(name, given.context);
    if (principal === given.context.principal) return given;
    // Also what loads orders must ask as whom the row makes of the caller.
    const narrowed = createContext({ ...given.context, principal });
    return given.reply ? { ...narrowed, reply: given.reply } : narrowed;
  };
  for (const [name, field] of fields) guard(field, (given) => decide(name, given));
  return schema;
}

/** By `Query.order`, as the rows are named. */
function rootFieldsOf(schema: GraphQLSchema): Map<string, RootField> {
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return new Map(
    types.flatMap((type): [string, RootField][] =>
      Object.values(type?.getFields() ?? {}).map((field) => [`${type?.name}.${field.name}`, field]),
    ),
  );
}

/** A subscription is decided when it begins: the token that it comes with ends it. */
function guard(field: RootField, decide: (given: GraphqlContext) => GraphqlContext): void {
  const { subscribe, resolve = defaultFieldResolver } = field;
  if (subscribe) {
    field.subscribe = (root, args, given, info) => subscribe(root, args, decide(given), info);
  } else {
    field.resolve = (root, args, given, info) => resolve(root, args, decide(given), info);
  }
}
