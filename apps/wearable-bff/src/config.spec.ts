import { readFileSync } from 'node:fs';
import { ConfigurationError, configurationTable, readConfiguration } from '@bff/server-kit';
import { createTestInternalKeys } from '@bff/auth/testing';
import { describe, expect, it } from '@jest/globals';
import { configuration } from './config.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const INTERNAL_SIGNING_KEY = JSON.stringify(createTestInternalKeys().privateJwk);

describe('configuration', () => {
  it('stands in the README as it is', () => {
    const [, table] = /<!-- configuration -->\n([^]*?)\n<!-- \/configuration -->/.exec(readme) ?? [];
    expect(cells(table ?? '')).toEqual(cells(configurationTable(configuration)));
  });

  it('needs a signing key and nothing else', () => {
    expect(readConfiguration(configuration, { INTERNAL_SIGNING_KEY })).toMatchObject({
      PORT: 8083,
      TOKEN_AUDIENCE: 'urn:bff:wearable-bff',
    });
    expect(() => readConfiguration(configuration, {})).toThrow('INTERNAL_SIGNING_KEY: is missing');
  });

  it('names every variable that is wrong', () => {
    const wrong = { ORDER_SERVICE_URL: 'ftp://x', PAYMENT_SERVICE_URL: '', RATE_LIMIT_PER_MINUTE: 'many' };
    const read = () => readConfiguration(configuration, { INTERNAL_SIGNING_KEY, ...wrong });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/ORDER_SERVICE_URL.*\n.*RATE_LIMIT_PER_MINUTE/);
  });
});

/** The rows without the padding that the formatter puts between them. */
function cells(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .filter((row) => row.startsWith('|') && !row.startsWith('| -'))
    .map((row) => row.split('|').map((cell) => cell.trim()));
}
