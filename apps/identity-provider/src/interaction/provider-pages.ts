import type { KoaContext } from 'oidc-provider';
import { escapeHtml, renderPage } from './page.ts';

// Pages whose forms oidc-provider makes; it hands the form over as HTML.

export function showUserCodeInput(ctx: KoaContext, form: string, _out?: unknown, error?: unknown): void {
  const notice =
    error === undefined
      ? '<p>Enter the code that your device shows.</p>'
      : '<p class="fault" role="alert">That code is wrong, used or has expired. Try again.</p>';
  show(
    ctx,
    'Connect a device',
    `${notice}${form}<button type="submit" form="op.deviceInputForm">Continue</button>`,
  );
}

export function showUserCodeConfirm(
  ctx: KoaContext,
  form: string,
  client: { clientName?: string; clientId: string },
  _device: unknown,
  userCode: string,
): void {
  const name = escapeHtml(client.clientName ?? client.clientId);
  show(
    ctx,
    'Connect this device?',
    `<p>${name} shows this code:</p><p><code>${escapeHtml(userCode)}</code></p>${form}
<button type="submit" form="op.deviceConfirmForm" autofocus>Continue</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>`,
  );
}

export function showDeviceConnected(ctx: KoaContext): void {
  show(ctx, 'Device connected', '<p>You can close this page.</p>');
}

export function showSignOut(ctx: KoaContext, form: string): void {
  show(
    ctx,
    'Sign out?',
    `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function showSignedOut(ctx: KoaContext): void {
  show(ctx, 'Signed out', '<p>You can close this page.</p>');
}

export function showError(ctx: KoaContext, out: { error: string; error_description?: string }): void {
  const description = out.error_description === undefined ? '' : `: ${escapeHtml(out.error_description)}`;
  show(
    ctx,
    'Sign-in failed',
    `<p>The request was refused (<strong>${escapeHtml(out.error)}</strong>${description}).</p>
<p>Go back to the application and start again.</p>`,
  );
}

function show(ctx: KoaContext, title: string, body: string): void {
  ctx.type = 'html';
  ctx.body = renderPage(title, body);
}
