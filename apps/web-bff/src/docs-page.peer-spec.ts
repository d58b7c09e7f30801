import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { openTestBff, type TestBff } from './testing/open-test-bff.ts';

let bff: TestBff;
let browser: Browser;

beforeAll(async () => {
  bff = await openTestBff();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await bff.close();
});

describe('/docs in a browser', () => {
  it('shows every operation and runs one, with nothing from elsewhere and nothing that the policy refuses', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => hosts.add(new URL(request.url()).protocol + new URL(request.url()).host));
    await page.goto(`${bff.url}/docs`);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock-summary-path').allInnerTexts()).toHaveLength(6);

    await page.locator('#operations-user-getMe').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    // Nobody is signed in.
    const status = page.locator('.live-responses-table .response-col_status').last();
    await status.waitFor();
    expect(await status.innerText()).toContain('401');
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    const { host } = new URL(bff.url);
    expect([...hosts].filter((one) => one !== `http:${host}` && !one.startsWith('data:'))).toEqual([]);
    await page.close();
  }, 60_000);
});
