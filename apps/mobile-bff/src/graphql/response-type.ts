import type { Request } from 'express';

export const graphqlResponseJson = 'application/graphql-response+json';
const responseTypes = ['application/json', graphqlResponseJson] as const;

export type ResponseType = (typeof responseTypes)[number];

/** The media type of the answer, chosen as Apollo Server chooses it; JSON for a client that accepts neither. */
export function responseTypeFor(request: Request): ResponseType {
  const accepted = request.accepts([...responseTypes]);
  return accepted === graphqlResponseJson ? graphqlResponseJson : 'application/json';
}
