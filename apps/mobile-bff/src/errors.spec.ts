import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes } from '@bff/core';
import { GraphQLError } from 'graphql';
import { formatError, MissingSourceError, presentError } from './errors.ts';

function located(originalError: Error): GraphQLError {
  return new GraphQLError(originalError.message, { originalError, path: ['order'] });
}

function format(error: GraphQLError, code = 'INTERNAL_SERVER_ERROR') {
  return formatError({ ...error.toJSON(), extensions: { code, ...error.extensions } }, error);
}

describe('formatError', () => {
  it('tells nothing of an error that nobody foresaw', () => {
    const masked = {
      message: 'The request could not be completed.',
      path: ['order'],
      extensions: { code: 'INTERNAL' },
    };
    expect(format(located(new Error('connect ECONNREFUSED 10.0.0.7:5432')))).toEqual(masked);
    expect(
      format(located(Object.assign(new Error('x'), { extensions: { code: 'BAD_USER_INPUT' } }))),
    ).toEqual(masked);
    expect(
      format(new GraphQLError('Cannot return null for non-nullable field Order.total.', { path: ['order'] })),
    ).toEqual(masked);
  });

  it('shows an AppError with its message, code and faults, and no cause', () => {
    const faults = [{ field: 'pageToken', message: 'is too old' }];
    const error = new AppError('invalid_argument', 'No.', { faults, cause: new Error('secret') });
    expect(format(located(error))).toEqual({
      message: 'No.',
      path: ['order'],
      extensions: { code: 'BAD_USER_INPUT', faults: [{ field: 'after', message: 'is too old' }] },
    });
  });

  it('names the source of a part that is missing', () => {
    expect(format(located(new MissingSourceError('payment', 'SOURCE_TIMEOUT')))).toMatchObject({
      extensions: { code: 'SOURCE_TIMEOUT', source: 'payment' },
    });
  });
});

describe('codes', () => {
  it('are one for each error code, all different', () => {
    const codes = errorCodes.map((code) => presentError(new AppError(code, 'x')).extensions?.['code']);
    expect(new Set(codes).size).toBe(errorCodes.length);
    for (const code of codes) expect(code).toMatch(/^[A-Z_]+$/);
  });
});
