/**
 * Who is calling and what they may do. Made by `@bff/auth` from a verified token and by nothing else;
 * it stands here because it travels in the context.
 */
export interface Principal {
  /** The user's stable id at the issuer (`sub`). */
  readonly subject: string;
  /** The OAuth client through which the user came (`client_id`). */
  readonly client: string;
  readonly scopes: readonly string[];
  /** `support` may read any customer's orders. */
  readonly roles: readonly string[];
}

export function hasRole(principal: Principal, role: string): boolean {
  return principal.roles.includes(role);
}
