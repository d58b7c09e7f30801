import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { baseVariables, configurationTable, readConfiguration, secret, url } from './index.ts';

const schema = z.object({
  ...baseVariables({ port: 8081 }),
  ISSUER_URL: url('http://127.0.0.1:8090', 'URL of the issuer.'),
  SIGNING_KEY: secret('Private key.'),
});

describe('readConfiguration', () => {
  it('gives defaults and parsed values', () => {
    const configuration = readConfiguration(schema, { PORT: '9000', SIGNING_KEY: 'abc', LOG_LEVEL: '' });
    expect(configuration).toMatchObject({ PORT: 9000, LOG_LEVEL: 'info', NODE_ENV: 'development' });
    expect(configuration.SIGNING_KEY.reveal()).toBe('abc');
  });

  it('names every fault at once, with the variable and what is allowed, and shows no secret', () => {
    const bad = { PORT: '70000', LOG_LEVEL: 'loud', ISSUER_URL: 'ftp://x', REQUEST_TIMEOUT_MS: '-1' };
    const read = () => readConfiguration(schema, bad);
    for (const part of [
      'PORT: must be a whole number from 0 to 65535, is "70000"',
      'LOG_LEVEL: must be one of',
      'ISSUER_URL: must be',
      'REQUEST_TIMEOUT_MS: must be',
      'SIGNING_KEY: is missing. Private key.',
      '5 configuration errors',
    ]) {
      expect(read).toThrow(part);
    }
  });

  it('reads X_FILE and says which file is unreadable', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'configuration-')), 'key');
    writeFileSync(file, 'from-file\n');
    expect(readConfiguration(schema, { SIGNING_KEY_FILE: file }).SIGNING_KEY.reveal()).toBe('from-file');
    expect(() => readConfiguration(schema, { SIGNING_KEY_FILE: `${file}.none` })).toThrow(
      `1 configuration error:\n  SIGNING_KEY_FILE: cannot read ${file}.none (ENOENT); give the path of a readable file.`,
    );
    expect(() => readConfiguration(schema, { SIGNING_KEY: 'a', SIGNING_KEY_FILE: file })).toThrow(
      'is given twice',
    );
  });

  it('documents every variable', () => {
    const table = configurationTable(schema);
    expect(table).toContain('| `ISSUER_URL` | `http://127.0.0.1:8090` | URL of the issuer. |');
    expect(table).toContain('| `SIGNING_KEY` | required | Private key. |');
  });
});
