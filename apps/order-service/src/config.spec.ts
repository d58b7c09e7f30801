import { describe, expect, it } from '@jest/globals';
import { createTestInternalKeys } from '@bff/auth/testing';
import { ConfigurationError, readConfiguration } from '@bff/server-kit';
import { describeReadme } from '@bff/service-kit/testing';
import { configuration } from './config.ts';

const INTERNAL_JWKS = JSON.stringify(createTestInternalKeys().jwks);

describe('configuration of order-service', () => {
  describeReadme(new URL('../README.md', import.meta.url), configuration);

  it('needs the trusted keys and nothing else', () => {
    expect(readConfiguration(configuration, { INTERNAL_JWKS })).toMatchObject({
      PORT: 9101,
      GRPC_PORT: 9201,
      DATABASE_URL: 'sqlite:.data/order-service.db',
    });
  });

  it.each([
    ['INTERNAL_JWKS', {}],
    ['INTERNAL_JWKS', { INTERNAL_JWKS: '{"keys":[]}' }],
    ['DATABASE_URL', { INTERNAL_JWKS, DATABASE_URL: 'mysql://orders' }],
    ['SEED_DATA', { INTERNAL_JWKS, SEED_DATA: 'yes' }],
    ['GRPC_PORT', { INTERNAL_JWKS, GRPC_PORT: '99999' }],
  ])('names %s when it is wrong', (variable, environment) => {
    expect(() => readConfiguration(configuration, environment)).toThrow(ConfigurationError);
    expect(() => readConfiguration(configuration, environment)).toThrow(`  ${variable}: `);
  });

  it('shows nothing of a private key that is given by mistake', () => {
    const { privateJwk } = createTestInternalKeys();
    const environment = {
      INTERNAL_JWKS: JSON.stringify({ keys: [{ ...{ d: privateJwk.d }, ...privateJwk }] }),
    };
    expect(() => readConfiguration(configuration, environment)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(privateJwk.d.slice(0, 8)) }),
    );
  });
});
