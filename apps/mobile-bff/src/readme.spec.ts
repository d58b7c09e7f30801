import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configurationTable } from '@bff/server-kit';
import { configuration } from './config.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';
}

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterAll(() => bff.close());

describe('README', () => {
  it('shows the order screen’s query with its real answer, which a phone gets in at most 450 bytes', async () => {
    const { status, text } = await bff.ask(block('graphql'), { variables: { id: 'ord_0001' } });
    expect(status).toBe(200);
    expect(text).toBe(JSON.stringify(JSON.parse(block('json'))));
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThanOrEqual(450);
    expect(readme).toContain(`has no spaces: ${bytes} bytes`);
  });

  it('has the configuration table of the schema', () => {
    const words = (text: string) =>
      text
        .replace(/-{3,}/g, '---')
        .replace(/[ \t]+/g, ' ')
        .trim();
    const [, table = ''] = /<!-- configuration -->([^]*)<!-- \/configuration -->/.exec(readme) ?? [];
    expect(words(table)).toBe(words(configurationTable(configuration)));
  });
});
