import { escapeHtml, renderPage } from './page.ts';

export interface SignInPage {
  /** Where the form is posted to. */
  action: string;
  /** Shown above the form after a failed attempt. */
  fault?: string;
}

export function renderSignIn({ action, fault }: SignInPage): string {
  const notice = fault === undefined ? '' : `<p class="fault" role="alert">${escapeHtml(fault)}</p>`;
  return renderPage(
    'Sign in',
    `${notice}
<form method="post" action="${escapeHtml(action)}">
<label>User name <input name="login" required autofocus autocomplete="username" autocapitalize="none"></label>
<label>Password <input name="password" type="password" required autocomplete="current-password"></label>
<button type="submit">Sign in</button>
</form>
<p>Development users: alice, bob, carol, sam. The password is “password”.</p>`,
  );
}

export interface ConsentPage {
  action: string;
  client: string;
  scopes: readonly string[];
}

export function renderConsent({ action, client, scopes }: ConsentPage): string {
  const items = scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('');
  return renderPage(
    'Allow access',
    `<p>${escapeHtml(client)} asks for:</p>
<ul>${items}</ul>
<form method="post" action="${escapeHtml(action)}">
<button type="submit" autofocus>Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>`,
  );
}
