import { AppError, type Context, hasRole, type Principal } from '@bff/core';

/** Whose resources an operation reaches. */
export type Reach = 'own' | 'any';

/** Who may use an operation, and on whose resources: `user` is everybody who is signed in, the others are roles. */
export type Grants = Readonly<Partial<Record<'user' | 'support' | 'courier', Reach>>>;

/** Every operation of a service, so that who may do what is read in one place. */
export type AuthorisationTable<Operation extends string> = Readonly<Record<Operation, Grants>>;

export interface Access {
  readonly principal: Principal;
  readonly reach: Reach;
}

/** Decides one operation for one caller. */
export type Authorise<Operation extends string> = (operation: Operation, context: Context) => Access;

/**
 * Makes the decision from the table; the widest of the caller's grants counts.
 * Throws `unauthenticated` for an anonymous caller and `permission_denied` for one who has no grant.
 */
export function createAuthorise<Operation extends string>(
  table: AuthorisationTable<Operation>,
): Authorise<Operation> {
  return (operation, { principal }) => {
    if (!principal) throw new AppError('unauthenticated', 'This service is for signed-in users only.');
    const reach = widestReach(table[operation], principal);
    if (!reach) throw new AppError('permission_denied', 'You may not use this operation.');
    return { principal, reach };
  };
}

export function reaches({ principal, reach }: Access, resource: { readonly customerId: string }): boolean {
  return reach === 'any' || resource.customerId === principal.subject;
}

function widestReach({ user, ...roles }: Grants, principal: Principal): Reach | undefined {
  const reaches = Object.entries(roles)
    .filter(([role]) => hasRole(principal, role))
    .map(([, reach]) => reach);
  return reaches.includes('any') ? 'any' : (user ?? reaches[0]);
}
