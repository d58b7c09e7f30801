import { AppError, type Clock } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import type { KeySource } from '../key-source.ts';
import { readSignedClaims, type TokenRules } from '../signed-claims.ts';
import type { SessionOwner } from './session-store.ts';

export interface LogoutTokensOptions {
  issuer: string;
  clientId: string;
  keys: KeySource;
  state: KeyValueStore;
  clock: Clock;
}

export interface LogoutTokens {
  /** Has `end` called with whose sessions are to end, once for each token; a token whose `end` failed may come again. */
  accept(token: string, end: (owner: SessionOwner) => Promise<void>): Promise<void>;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** How old a token may be, and so for how long its id is remembered, in seconds. */
const longestLifeSeconds = 600;
const toleranceSeconds = 5;

/**
 * Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6), each accepted once.
 * Rejects with `invalid_argument`, or with `unavailable` without keys or store.
 */
export function createLogoutTokens(options: LogoutTokensOptions): LogoutTokens {
  const { state, clock } = options;
  const rules: TokenRules = {
    keys: options.keys,
    clock,
    issuer: options.issuer,
    audience: options.clientId,
    typ: 'logout+jwt',
    algorithms: ['ES256', 'RS256'],
    requiredClaims: ['exp', 'iat', 'aud', 'jti', 'events'],
    clockToleranceSeconds: toleranceSeconds,
    maxLifetimeSeconds: longestLifeSeconds,
  };
  return {
    async accept(token, end) {
      const claims = await readSignedClaims(token, rules).catch((thrown: unknown) => {
        if (thrown instanceof AppError && thrown.code === 'unavailable') throw thrown;
        throw notOne(thrown);
      });
      const { jti, sid, sub, nonce, events } = claims;
      const hasEvent = typeof events === 'object' && events !== null && Object.hasOwn(events, event);
      // A nonce is what an ID token has.
      if (!hasEvent || nonce !== undefined || typeof jti !== 'string') throw notOne('events, nonce or jti');
      const owner = ownerOf(sid, sub);
      const timeToLiveMs = (longestLifeSeconds + 2 * toleranceSeconds) * 1_000;
      const mark = `logout-token:${jti}`;
      if ((await state.compareAndSet(mark, undefined, '', { timeToLiveMs })) === undefined) {
        throw notOne('used before');
      }
      try {
        await end(owner);
      } catch (thrown) {
        await state.delete(mark).catch(() => undefined);
        throw thrown;
      }
    },
  };
}

/** With both, the session: the user may have others elsewhere. */
function ownerOf(sid: unknown, sub: unknown): SessionOwner {
  if (typeof sid === 'string' && sid !== '') return { issuerSession: sid };
  if (typeof sub === 'string' && sub !== '') return { subject: sub };
  throw notOne('neither sid nor sub');
}

function notOne(reason: unknown): AppError {
  const cause = typeof reason === 'string' ? new Error(reason) : reason;
  return new AppError('invalid_argument', 'The logout token is not valid.', { cause });
}
