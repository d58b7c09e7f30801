import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { Resolvers } from '../generated/resolver-types.ts';

/** The text of `schema.graphql`, which is the contract: resolvers follow it and not the other way round. */
export function loadSchema(): string {
  return readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');
}

/** The schema with what answers its fields; fields without a resolver are read from the views in `present/`. */
export function createSchema(resolvers: Resolvers): GraphQLSchema {
  return makeExecutableSchema({ typeDefs: loadSchema(), resolvers: { ...resolvers } });
}
