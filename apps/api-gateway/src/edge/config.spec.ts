import { readFileSync } from 'node:fs';
import { configurationTable, readConfiguration } from '@bff/server-kit';
import { describe, expect, it } from '@jest/globals';
import { edgeConfiguration } from './config.ts';

describe('configuration of the edge', () => {
  it('is listed in its README, every variable of it', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    const table = /<!-- configuration -->\n\n([\s\S]*?)\n\n<!-- \/configuration -->/.exec(readme)?.[1] ?? '';
    const rows = (text: string) =>
      text.split('\n').map((row) => row.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-'));
    expect(rows(table)).toEqual(rows(configurationTable(edgeConfiguration)));
  });

  it.each([
    [{ WEB_BFF_URL: 'grpc://127.0.0.1:1' }, /WEB_BFF_URL: the gateway forwards HTTP and cannot use grpc/],
    [
      { WEARABLE_BFF_URL: 'http://127.0.0.1:1' },
      /WEARABLE_BFF_URL: the gateway forwards gRPC and cannot use http/,
    ],
    [{ READ_RPCS: 'GetOrder' }, /READ_RPCS: must be paths such as \/package.Service\/Method, by commas/],
    [{ TLS_CERTIFICATE: 'pem' }, /TLS_KEY: is missing. Private key/],
  ])('refuses %j and says why', (environment, message) => {
    expect(() => readConfiguration(edgeConfiguration, environment)).toThrow(message);
  });
});
