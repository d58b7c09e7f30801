import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
import { startStack, type RunningStack } from './testing/running-stack.ts';

let stack: RunningStack;
let browser: Browser;
let site: string;

beforeAll(async () => {
  stack = await startStack(['--level', '2']);
  site = stack.state()?.entries.web[0] ?? '';
  // Debian's; the library brings none. Root, as in a container, cannot have the sandbox.
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 90_000);
afterAll(async () => {
  await browser.close();
  await stack.remove();
});

/** A browser of its own, and everything that it was sent. */
async function openBrowser() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const received: Promise<string>[] = [];
  const faults: string[] = [];
  page.on('response', (response) => received.push(textOf(response)));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return { context, page, received, faults };
}

async function textOf(response: Response): Promise<string> {
  const headers = await response.headersArray().catch(() => []);
  // A redirect has no body.
  const body = await response.text().catch(() => '');
  return [response.url(), ...headers.map(({ name, value }) => `${name}: ${value}`), body].join('\n');
}

async function signIn(page: Page, user: string): Promise<void> {
  await page.goto(site);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.locator('input[name=login]').fill(user);
  await page.locator('input[name=password]').fill('password');
  await page.getByRole('button').first().click();
  // Consent.
  await page.locator('button').first().click();
  await page.waitForURL(`${site}/`);
}

async function sessionCookie(context: BrowserContext) {
  return (await context.cookies(site)).find(
    ({ name }) => name.endsWith('session') && name.startsWith('__Host-'),
  );
}

describe('a person with a browser', () => {
  it('signs in, sees his orders, signs out, and leaves nothing behind', async () => {
    const { context, page, received, faults } = await openBrowser();
    await signIn(page, 'alice');
    await page.getByText('Alice Adams').waitFor();
    await page.getByRole('cell', { name: /^ord_/ }).first().waitFor();
    expect(await page.locator('#rows tr').count()).toBe(20);

    expect(await sessionCookie(context)).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    });
    const visible = await page.evaluate(
      `JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML])`,
    );
    expect(String(visible)).toMatch(/^\["",{},{},/);
    expect(String(visible)).not.toMatch(/eyJ|refresh_token/);

    await page.getByRole('button', { name: 'Sign out' }).click();
    // The issuer asks about its own session.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${site}/`);
    await page.getByText('Sign in to see your orders.').waitFor();
    expect(await sessionCookie(context)).toBeUndefined();

    // Nothing that came to the browser, in any header, address or body, was a token.
    const all = (await Promise.all(received)).join('\n');
    expect(all).toContain('ord_');
    expect(all).not.toMatch(/eyJ[\w-]{10,}|access_token|refresh_token|id_token_hint/);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('shows nothing private with the back button after sign-out', async () => {
    const { context, page } = await openBrowser();
    await signIn(page, 'bob');
    await page.getByRole('cell', { name: /^ord_/ }).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/session\/end/);
    for (let step = 0; step < 3; step++) {
      await page.goBack();
      if (page.url() !== `${site}/`) continue;
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
      expect(await page.content()).not.toMatch(/ord_|Bob/);
    }
    expect(await sessionCookie(context)).toBeUndefined();
    await context.close();
  }, 60_000);

  it('is signed out here when he signs out at the issuer', async () => {
    const { context, page } = await openBrowser();
    await signIn(page, 'alice');
    const issuer = stack.process('identity-provider').url;
    await page.goto(`${issuer}/session/end`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You can close this page.').waitFor();
    await page.goto(site);
    await page.getByText('Sign in to see your orders.').waitFor();
    await context.close();
  }, 60_000);

  it('cannot be made to do something by another site', async () => {
    const { context, page } = await openBrowser();
    await signIn(page, 'alice');
    // Another port is another origin, and as good as another site for everything but the cookie.
    await page.goto(`${stack.process('identity-provider').url}/.well-known/openid-configuration`);
    const outcome = await page.evaluate(
      `fetch('${site}/auth/logout', { method: 'POST', credentials: 'include', headers: { 'x-csrf': '1' } }).then((r) => r.status, () => 'blocked')`,
    );
    expect(outcome).toBe('blocked');
    await page.setContent(`<form method="post" action="${site}/auth/logout"><button>win</button></form>`);
    const answered = page.waitForResponse(`${site}/auth/logout`);
    await page.getByRole('button').click();
    expect((await answered).status()).toBe(403);
    await page.goto(site);
    await page.getByText('Alice Adams').waitFor();
    await context.close();
  }, 60_000);

  it('can lend a session to curl', async () => {
    const { status, stdout } = await stack.run('node tools/stack/src/main.ts session --user bob');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Cookie: __Host-session=[\w.]+\n$/)]);
    const cookie = stdout.trim().slice('Cookie: '.length);
    const me = await fetch(`${site}/v1/me`, { headers: { cookie } });
    expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ subject: 'bob' })]);
    const wrong = await stack.run('node tools/stack/src/main.ts session --user nobody');
    expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('Users are alice'),
    ]);
  });
});
