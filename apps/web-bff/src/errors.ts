import { AppError, type FieldFault } from '@bff/core';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { z } from 'zod';

/** Every fault that a schema found, by the name of the parameter or the path of the field: `lines[0].quantity`. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], allowed?: readonly string[]): FieldFault[] {
  return issues.flatMap((issue) => faultOf(issue, allowed));
}

function faultOf(issue: z.core.$ZodIssue, allowed: readonly string[] | undefined): FieldFault[] {
  const field = fieldOf(issue.path);
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: field === '' ? 'body' : field, message: issue.message }];
  }
  const message =
    allowed === undefined ? 'is not known here' : `is not a parameter here; there are ${listOf(allowed)}`;
  return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), message }));
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
}

/** Zod's own words speak of its types; these of the request. For `safeParse`; a schema's own messages go before. */
export const requestWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  return `must be ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
};

/** Ends the handlers of a path: whatever came this far used a method that the path does not have. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    throw Object.assign(new Error('Method not allowed'), { status: 405, expose: true });
  };
}

/** Says of a body that is no JSON that it is none; express tells error handlers by their four parameters. */
export const explainSyntax: ErrorRequestHandler = (thrown: { type?: unknown }, _request, _response, next) => {
  if (thrown.type !== 'entity.parse.failed') {
    next(thrown);
    return;
  }
  const faults = [{ field: 'body', message: 'is not a JSON object' }];
  next(new AppError('invalid_argument', 'The body is not valid JSON.', { faults, cause: thrown }));
};
