import type { Browser, Landing } from './browser.ts';
import { describePage, findForm } from './form.ts';
import { SignInError } from './sign-in-error.ts';

export interface Credentials {
  user: string;
  password: string;
}

const maxForms = 10;

/**
 * Submits every form that the issuer shows (sign-in, consent, device code) until it sends the browser back to
 * the client or shows a page without a form. A sign-in form that comes back means that the credentials are wrong.
 */
export async function submitForms(
  browser: Browser,
  start: Landing,
  credentials: Credentials,
): Promise<Landing> {
  let landing = start;
  let signedIn = false;
  for (let step = 0; step < maxForms; step++) {
    if (landing.at === 'callback') return landing;
    const form = findForm(landing.page);
    if (!form) return landing;
    const asksForPassword = 'password' in form.fields;
    if (asksForPassword && signedIn) throw new SignInError(describePage(landing.page));
    signedIn ||= asksForPassword;
    const filled = asksForPassword ? { login: credentials.user, password: credentials.password } : {};
    landing = await browser.open(form.action, { ...form.fields, ...filled });
  }
  throw new SignInError(`the issuer showed more than ${maxForms} forms`);
}
