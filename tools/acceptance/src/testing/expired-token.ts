import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestIssuer } from '@bff/auth/testing';
import type { RunningStack } from './running-stack.ts';

/** An access token as the stack's issuer would have signed it an hour ago; only its age is wrong. */
export async function createExpiredToken(stack: RunningStack, audience: string): Promise<string> {
  return createSignedToken(stack, { audience, expiresIn: -3_600 });
}

/** An access token with the signature of the stack's issuer. */
export async function createSignedToken(
  stack: RunningStack,
  token: { audience: string; expiresIn: number },
): Promise<string> {
  const file = join(stack.folder, 'secrets/identity-provider.jwk.json');
  const key = JSON.parse(readFileSync(file, 'utf8')) as JsonWebKey & { kid: string };
  const issuer = createTestIssuer({ issuer: stack.process('identity-provider').url, kid: key.kid });
  return issuer.token({ ...token, client: 'test', key: createPrivateKey({ key, format: 'jwk' }) });
}
