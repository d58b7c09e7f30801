import type { Clock, Principal } from '@bff/core';
import { importJWK, SignJWT } from 'jose';
import { createBoundedCache } from './bounded-cache.ts';
import type { PrivateJwk } from './internal-keys.ts';
import {
  defaultInternalIssuer,
  internalTokenAlgorithm,
  internalTokenType,
  maxInternalLifetimeSeconds,
} from './internal-token-verifier.ts';

export interface InternalTokenMinter {
  /** A token by which `principal` is vouched for to the service `audience`. It has at least half its life left. */
  mint(principal: Principal, audience: string): Promise<string>;
  /**
   * Signs with this key from now on; services must know its public half already. Tokens of the key before are used for
   * up to half their life: services must trust it for a minute longer.
   */
  replaceKey(signingKey: PrivateJwk): void;
}

export interface InternalTokenMinterOptions {
  /** Shared by the instances of one app; the services hold its public half. */
  signingKey: PrivateJwk;
  /** Who vouches: the app's name, `web-bff`. */
  caller: string;
  clock: Clock;
  /** Default `bff-internal`. */
  issuer?: string;
  /** Seconds, at most 60. Default 60. */
  lifetimeSeconds?: number;
  /** How many tokens are remembered. Default 10 000. */
  cacheSize?: number;
}

/** Mints the short-lived tokens by which services know the user and the caller. */
export function createInternalTokenMinter(options: InternalTokenMinterOptions): InternalTokenMinter {
  const { clock, lifetimeSeconds = maxInternalLifetimeSeconds } = options;
  if (!(lifetimeSeconds > 0 && lifetimeSeconds <= maxInternalLifetimeSeconds)) {
    throw new RangeError(`lifetimeSeconds must lie between 1 and ${String(maxInternalLifetimeSeconds)}`);
  }
  const minted = createBoundedCache<{ token: Promise<string>; renewAtMs: number }>(
    options.cacheSize ?? 10_000,
  );
  let signingKey = options.signingKey;
  let importedKey: ReturnType<typeof importJWK> | undefined;

  const sign = async (principal: Principal, audience: string) => {
    importedKey ??= importJWK({ ...signingKey }, internalTokenAlgorithm);
    const { kid } = signingKey;
    const issuedAt = Math.floor(clock.date().getTime() / 1_000);
    return new SignJWT({
      client_id: principal.client,
      scope: principal.scopes.join(' '),
      roles: [...principal.roles],
      act: { sub: options.caller },
    })
      .setProtectedHeader({ alg: internalTokenAlgorithm, typ: internalTokenType, kid })
      .setIssuer(options.issuer ?? defaultInternalIssuer)
      .setSubject(principal.subject)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(await importedKey);
  };

  return {
    mint({ subject, client, scopes, roles }, audience) {
      const key = JSON.stringify([subject, client, scopes, roles, audience]);
      const nowMs = clock.date().getTime();
      const known = minted.get(key);
      if (known && nowMs < known.renewAtMs) return known.token;
      const token = sign({ subject, client, scopes, roles }, audience);
      // Renewed at half its life, so that a token never expires on the way to the service.
      minted.set(key, { token, renewAtMs: nowMs + (lifetimeSeconds * 1_000) / 2 });
      token.catch(() => {
        minted.delete(key);
      });
      return token;
    },
    replaceKey(next) {
      signingKey = next;
      importedKey = undefined;
    },
  };
}
