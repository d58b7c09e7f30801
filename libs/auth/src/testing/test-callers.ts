import type { TestTokenOptions } from './test-issuer.ts';

/** Who may ask a client-facing app for something of alice's, by what makes his token; undefined for nobody, who has none. */
export const testCallers = {
  nobody: undefined,
  otherAudience: { audience: 'urn:bff:another-app' },
  noScope: { scope: 'openid' },
  readScope: { scope: 'openid orders:read' },
  writeScope: { scope: 'openid orders:write' },
  alice: {},
  bob: { sub: 'bob' },
  support: { sub: 'sam', roles: ['support'] },
} satisfies Record<string, TestTokenOptions | undefined>;

export type TestCaller = keyof typeof testCallers;
