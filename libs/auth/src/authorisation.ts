import { AppError, type Context, hasRole, type Principal } from '@bff/core';

/** Whose resources an operation reaches. */
export type Reach = 'own' | 'any';

/** What a user has allowed the client that comes in his name (RFC 6749, 3.3). */
export type Scope = 'orders:read' | 'orders:write';

type Reaches = Readonly<Partial<Record<'user' | 'support' | 'courier', Reach>>>;

/**
 * Who may use an operation, and on whose resources: `user` is everybody who is signed in, the others are roles. With a
 * `scope`, his access token must have it, too.
 */
export type Grants = Reaches & { readonly scope?: Scope };

/** Every operation of an app, so that who may do what is read in one place. What has no row is refused. */
export type AuthorisationTable<Operation extends string> = Readonly<Record<Operation, Grants>>;

export interface Access {
  /** The caller, with no roles but those that the row names: behind, nobody is more than the row makes him. */
  readonly principal: Principal;
  readonly reach: Reach;
}

/** Decides one operation for one caller. */
export type Authorise<Operation extends string> = (operation: Operation, context: Context) => Access;

/** The user may, but his client was not allowed it: another token may help, and the client is told which. */
export class InsufficientScope extends AppError {
  readonly scope: Scope;

  constructor(scope: Scope) {
    super('permission_denied', `The access token must have the scope ${scope}.`);
    this.scope = scope;
  }
}

/**
 * Makes the decision from the table; the widest of the caller's grants counts.
 * Throws `unauthenticated` for an anonymous caller and `permission_denied` for one who has no grant.
 */
export function createAuthorise<Operation extends string>(
  table: AuthorisationTable<Operation>,
): Authorise<Operation> {
  const rows = new Map<string, Grants>(Object.entries(table));
  return (operation, { principal }) => {
    if (!principal) throw new AppError('unauthenticated', 'This service is for signed-in users only.');
    const { scope, ...grants } = rows.get(operation) ?? {};
    const reach = widestReach(grants, principal);
    if (!reach) throw new AppError('permission_denied', 'You may not use this operation.');
    if (scope && !principal.scopes.includes(scope)) throw new InsufficientScope(scope);
    return { principal: withRolesOf(grants, principal), reach };
  };
}

export function reaches({ principal, reach }: Access, resource: { readonly customerId: string }): boolean {
  return reach === 'any' || resource.customerId === principal.subject;
}

function widestReach({ user, ...roles }: Reaches, principal: Principal): Reach | undefined {
  const reaches = Object.entries(roles)
    .filter(([role]) => hasRole(principal, role))
    .map(([, reach]) => reach);
  return reaches.includes('any') ? 'any' : (user ?? reaches[0]);
}

/** The same object where nothing is taken away: it is what tokens and answers are remembered by. */
function withRolesOf({ user: _everybody, ...named }: Reaches, principal: Principal): Principal {
  const roles = principal.roles.filter((role) => Object.hasOwn(named, role));
  return roles.length === principal.roles.length ? principal : { ...principal, roles };
}
