import type { Request } from 'express';
import type { z } from 'zod';
import { AppError, type FieldFault } from '@bff/core';
import { faultsOf, requestWords } from '../errors.ts';

/** The parts of an operation's contract that describe its request. */
interface RequestContract {
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface ReadRequest<C extends RequestContract> {
  readonly query: OutputOf<C['query']>;
  readonly headers: OutputOf<C['headers']>;
  readonly body: OutputOf<C['body']>;
}

/** The request as its contract has it. Throws `invalid_argument` that names every fault of query, headers and body at once. */
export function readRequest<C extends RequestContract>(contract: C, request: Request): ReadRequest<C> {
  const faults: FieldFault[] = [];
  const read = (schema: z.ZodType | undefined, value: unknown, allowed: string[] | undefined): unknown => {
    const parsed = schema?.safeParse(value, { error: requestWords });
    if (parsed?.success === false) faults.push(...faultsOf(parsed.error.issues, allowed));
    return parsed?.data;
  };
  const { query, headers, body } = contract;
  const result = {
    query: read(query, request.query, query && Object.keys(query.shape)),
    headers: read(headers, namedHeaders(headers, request), undefined),
    body: read(body, request.body, undefined),
  };
  if (faults.length > 0) throw new AppError('invalid_argument', 'The request cannot be used.', { faults });
  // Each part was parsed by the schema that its type comes from.
  return result as ReadRequest<C>;
}

function namedHeaders(schema: z.ZodObject | undefined, request: Request): Record<string, string> {
  const names = Object.keys(schema?.shape ?? {});
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.get(name);
      // An empty header says as much as none.
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
