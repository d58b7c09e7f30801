import { describe, expect, it } from '@jest/globals';
import { createTestIssuer } from '@bff/auth/testing';
import { judge, type Attack } from './attack.ts';
import type { Reached } from './world/recording-services.ts';
import type { Target } from './world/target.ts';

const attack: Attack = {
  name: 'a claim',
  status: 200,
  reaches: 1,
  send: async () => ({ status: 200, headers: {}, body: '', text: '' }),
};

/** A server that answers as it should, after a service has got this. */
function serverThatSends(text: string): Target {
  const reached: Reached[] = [];
  return {
    ...{ server: 'web-bff', protocol: 'http', isThroughEdge: false, url: '', path: '/', extraHeaders: '' },
    reached,
    keyFetches: () => 0,
    isAlive: () => true,
    token: async () => '',
    async askHonestly() {
      reached.push({ method: 'GET', path: '/', text });
      return { status: 200, isServed: true, reaches: 0 };
    },
  };
}

describe('what a service got', () => {
  it.each([
    ['nothing of the attacker', 'x-request-id\na', 0],
    ['his name in a header', 'x-user-id\nmallory', 1],
  ])('is judged: %s', async (_what, text, faults) => {
    expect(await judge(attack, serverThatSends(text))).toHaveLength(faults);
  });

  it.each([
    ['alice', 0],
    ['mallory', 1],
  ])('is read where it is a token: of %s', async (sub, faults) => {
    const token = await createTestIssuer().token({ sub });
    expect(await judge(attack, serverThatSends(`authorization\nBearer ${token}`))).toHaveLength(faults);
  });
});
