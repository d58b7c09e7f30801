import { AppError } from '@bff/core';

/** The header that a page's own script has to set; another site's form cannot, and its script may not without being asked about. */
export const csrfHeader = 'x-csrf';

export interface OriginCheck {
  method: string;
  /** Header values by lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The origins under which browsers know this site. */
  origins: readonly string[];
}

/**
 * Cross-site request forgery: whatever changes something needs the header and proof that it comes from the site itself.
 * Throws `permission_denied`. Methods that change nothing pass.
 */
export function requireSameOrigin({ method, headers, origins }: OriginCheck): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return;
  const site = headers['sec-fetch-site'];
  const origin = headers['origin'];
  // Whatever the browser says has to say so; one of the two suffices, none does not.
  const given = [
    ...(site === undefined ? [] : [site === 'same-origin']),
    ...(origin === undefined ? [] : [typeof origin === 'string' && origins.includes(origin)]),
  ];
  if (headers[csrfHeader] === undefined || given.length === 0 || given.includes(false)) {
    throw new AppError(
      'permission_denied',
      'This request must come from a page of this site, with the header "X-CSRF".',
    );
  }
}
