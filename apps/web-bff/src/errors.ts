import { AppError, type FieldFault } from '@bff/core';
import type { RequestHandler } from 'express';
import type { z } from 'zod';

/** A query that cannot be used, with every fault of it by the name of its parameter. */
export function invalidQuery(issues: readonly z.core.$ZodIssue[], allowed: readonly string[]): AppError {
  return new AppError('invalid_argument', 'The query cannot be used.', {
    faults: issues.flatMap((issue) => faultsOf(issue, allowed)),
  });
}

function faultsOf(issue: z.core.$ZodIssue, allowed: readonly string[]): FieldFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: issue.path.join('.'), message: issue.message }];
  const message = `is not a parameter here; there are ${allowed.join(', ')}`;
  return issue.keys.map((field) => ({ field, message }));
}

/** Ends the handlers of a path: whatever came this far used a method that the path does not have. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    throw Object.assign(new Error('Method not allowed'), { status: 405, expose: true });
  };
}
