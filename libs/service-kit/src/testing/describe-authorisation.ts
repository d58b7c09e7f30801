import { describe, expect, it } from '@jest/globals';
import { createAuthorise, type AuthorisationTable, type Reach } from '@bff/auth';
import { AppError } from '@bff/core';
import { callerContext } from './caller-context.ts';

type Outcome = Reach | 'denied';
type Who = 'customer' | 'support' | 'courier';

/** Checks every row of a service's table for every kind of caller, anonymous ones included. */
export function describeAuthorisation<Operation extends string>(
  service: string,
  table: AuthorisationTable<Operation>,
  expected: Readonly<Record<Operation, Readonly<Record<Who, Outcome>>>>,
): void {
  const authorise = createAuthorise(table);
  const outcome = (operation: Operation, subject: string | null, roles: string[]) => {
    const scope = callerContext({ subject, roles });
    scope.close();
    try {
      return authorise(operation, scope.context).reach;
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      return code === 'permission_denied' ? 'denied' : code;
    }
  };
  describe(`authorisation of ${service}`, () => {
    const operations = Object.keys(table) as Operation[];
    it('has a row for every operation', () => {
      expect(operations.sort()).toEqual(Object.keys(expected).sort());
    });
    it.each(operations)('%s', (operation) => {
      expect({
        customer: outcome(operation, 'alice', []),
        support: outcome(operation, 'sam', ['support']),
        courier: outcome(operation, 'kim', ['courier']),
        nobody: outcome(operation, null, []),
      }).toEqual({ ...expected[operation], nobody: 'unauthenticated' });
    });
  });
}
