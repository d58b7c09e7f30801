import { readFileSync } from 'node:fs';

/** The text of `schema.graphql`, which is the contract: resolvers follow it and not the other way round. */
export function loadSchema(): string {
  return readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');
}
