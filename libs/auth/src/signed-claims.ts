import { AppError, type Clock } from '@bff/core';
import { jwtVerify, type JWTPayload } from 'jose';
import type { KeySource } from './key-source.ts';

/** What a signed token must satisfy. One place, because jose alone accepts any `typ` and a token without `exp`. */
export interface TokenRules {
  readonly keys: KeySource;
  readonly clock: Clock;
  readonly issuer: string;
  readonly audience: string;
  /** Header `typ`, so that one kind of token never passes for another (RFC 8725, 3.11). */
  readonly typ: string;
  readonly algorithms: readonly string[];
  readonly requiredClaims: readonly string[];
  /** Seconds by which the issuer's clock may differ from ours. */
  readonly clockToleranceSeconds: number;
  /** Longest `exp - iat` accepted, in seconds; unlimited when undefined. */
  readonly maxLifetimeSeconds: number | undefined;
}

export interface SignedClaims extends JWTPayload {
  readonly exp: number;
  readonly iat: number;
}

/** Longer than any token that we issue; refused before anything is decoded. */
const maxTokenLength = 8_192;
const compactShape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * The claims of a token that satisfies every rule. Rejects with an `AppError`: `unauthenticated`, with the
 * reason in `cause` only, or `unavailable` when the keys cannot be had.
 */
export async function readSignedClaims(token: string, rules: TokenRules): Promise<SignedClaims> {
  // The type says string, the network does not.
  if (typeof token !== 'string' || token.length > maxTokenLength || !compactShape.test(token)) {
    throw refused('not a compact JWS of acceptable size');
  }
  try {
    const { payload } = await jwtVerify(token, (header) => rules.keys.find(header), {
      algorithms: [...rules.algorithms],
      typ: rules.typ,
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: [...rules.requiredClaims],
      clockTolerance: rules.clockToleranceSeconds,
      currentDate: rules.clock.date(),
    });
    return checkLifetime(payload, rules);
  } catch (error) {
    throw error instanceof AppError ? error : refused(error);
  }
}

/** The one answer for every refused token: why it was refused helps only whoever forged it. */
export function refused(reason: unknown): AppError {
  const cause = typeof reason === 'string' ? new Error(reason) : reason;
  return new AppError('unauthenticated', 'The access token is not valid or has expired.', { cause });
}

function checkLifetime(payload: JWTPayload, rules: TokenRules): SignedClaims {
  const { exp, iat } = payload;
  if (exp === undefined || iat === undefined) throw refused('exp or iat is missing');
  const now = rules.clock.date().getTime() / 1_000;
  if (iat > now + rules.clockToleranceSeconds) throw refused('iat lies in the future');
  if (rules.maxLifetimeSeconds !== undefined && exp - iat > rules.maxLifetimeSeconds) {
    throw refused(`valid for longer than ${String(rules.maxLifetimeSeconds)} s`);
  }
  return { ...payload, exp, iat };
}
