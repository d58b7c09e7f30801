import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { startWearableBff } from './app.ts';
import { createWearableClient } from './client/index.ts';
import { configuration } from './config.ts';
import { environmentOf, startTestApp, type TestApp } from './testing/test-app.ts';

const file = (name: string) => new URL(`./testing/certificates/${name}.pem`, import.meta.url).pathname;
const pem = (name: string) => readFileSync(file(name));
const own = { TLS_CERTIFICATE_FILE: file('server'), TLS_KEY_FILE: file('server.key') };
const mutual = { ...own, TLS_CLIENT_CA_FILE: file('ca') };
const as = (name: string) => credentials.createSsl(pem('ca'), pem(`${name}.key`), pem(name));

describe('TLS', () => {
  let test: TestApp | undefined;
  afterEach(() => test?.close());

  const glanceOver = async (running: TestApp, channelCredentials: ChannelCredentials) => {
    const client = createWearableClient({
      address: `localhost:${new URL(running.listener.url).port}`,
      accessToken: async () => (await running.bearer()).replace('Bearer ', ''),
      channelCredentials,
      timeoutMs: 3_000,
    });
    try {
      return (await client.getOrderGlance({ orderId: 'ord_0001' })).glance?.orderId;
    } finally {
      client.close();
    }
  };

  it('is spoken with a certificate, and nothing else then', async () => {
    test = await startTestApp({ environment: own });
    expect(await glanceOver(test, credentials.createSsl(pem('ca')))).toBe('ord_0001');
    await expect(glanceOver(test, credentials.createInsecure())).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
  });

  it('lets nobody in without a certificate of the right authority when it is mutual', async () => {
    test = await startTestApp({ environment: mutual });
    expect(await glanceOver(test, as('client'))).toBe('ord_0001');
    for (const unknown of [credentials.createSsl(pem('ca')), as('stranger')]) {
      await expect(glanceOver(test, unknown)).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    }
    // And still lets in who may.
    expect(await glanceOver(test, as('client'))).toBe('ord_0001');
  });

  it.each([
    ['a certificate without its key', { TLS_CERTIFICATE_FILE: file('server') }, 'TLS_KEY'],
    ['an authority alone', { TLS_CLIENT_CA_FILE: file('ca') }, 'TLS_CERTIFICATE'],
    ['a key of another certificate', { ...own, TLS_KEY_FILE: file('client.key') }, 'TLS_KEY'],
  ])('does not start with %s, and names the variable', async (_what, environment, variable) => {
    test = await startTestApp();
    const settings = readConfiguration(configuration, environmentOf({ environment }, test.surroundings));
    await expect(startWearableBff(settings, createTestKit())).rejects.toThrow(variable);
  });

  it('does not start with what is no PEM', () => {
    expect(() => readConfiguration(configuration, { INTERNAL_SIGNING_KEY: '{}', TLS_KEY: 'secret' })).toThrow(
      'PEM',
    );
  });
});
