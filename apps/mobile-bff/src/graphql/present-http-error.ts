import { AppError } from '@bff/core';
import type { PresentError } from '@bff/server-kit';
import type { GraphQLFormattedError } from 'graphql';
import { presentError } from '../errors.ts';
import { graphqlPath } from './paths.ts';
import { responseTypeFor } from './response-type.ts';

/**
 * What was refused before GraphQL saw it (no token, too often, unreadable body), or was not answered in time, as a
 * GraphQL error: a client of GraphQL reads nothing else. Elsewhere errors are problems, as everywhere.
 */
export const presentHttpError: PresentError = (thrown, { detail, status }, request) => {
  if (request.path !== graphqlPath) return undefined;
  return { type: responseTypeFor(request), body: { errors: [describe(thrown, detail, status)] } };
};

function describe(thrown: unknown, message: string, status: number): GraphQLFormattedError {
  if (thrown instanceof AppError || status >= 500) return presentError(AppError.from(thrown));
  // What express, its body parser and the guards at the edge throw.
  return { message, extensions: { code: 'BAD_REQUEST' } };
}
