import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterAll(() => bff.close());

it('development has GraphiQL, all in one page that may load nothing from anywhere', async () => {
  const { status, headers, text } = await bff.fetch('/graphiql');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = headers.get('content-security-policy')!;
  const [, script = ''] = /<div id="root"><\/div>\s*<script>([^]*?)<\/script>/.exec(text) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  expect(policy).toContain(`script-src 'sha256-${hash}' blob:;`);
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  const page = text.replace(script, '');
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
});

it('production has none', async () => {
  const production = await startTestApp({ NODE_ENV: 'production' }, undefined, bff);
  expect((await production.fetch('/graphiql')).status).toBe(404);
  await production.close();
});
