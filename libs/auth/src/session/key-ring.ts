import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import type { RandomHex, Secret } from '@bff/core';

export interface SealContext {
  /** What is sealed: a session never opens as a sign-in. */
  purpose: 'session' | 'sign-in' | 'provider';
  /** What the sealed text belongs to, so that it does not open in another's place. */
  bound: string;
  /** The part of the key that only the cookie has. */
  cookieKey?: string;
}

/** Keys that the instances share. The first seals; all open, so that a new one can be put in front while old sessions live. */
export interface KeyRing {
  seal(text: string, context: SealContext): string;
  /** `undefined` for whatever was not sealed by a key of the ring for this context. */
  open(sealed: string, context: SealContext): string | undefined;
  /** A name by which `text` is found again without being readable: one for each key, the present one first. */
  fingerprints(text: string): readonly string[];
}

interface RingKey {
  readonly id: string;
  readonly secret: string;
}

const shape = /^v1\.([0-9a-f]{8})\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/** AES-256-GCM under keys derived by HKDF (RFC 5869) for each use. `secrets` must not be empty. */
export function createKeyRing(secrets: readonly Secret[], randomHex: RandomHex): KeyRing {
  const keys = secrets.map((secret) => ({ id: idOf(secret.reveal()), secret: secret.reveal() }));
  const [first] = keys;
  if (!first) throw new Error('A key ring needs at least one key.');

  return {
    seal(text, context) {
      const iv = Buffer.from(randomHex(12), 'hex');
      const cipher = createCipheriv('aes-256-gcm', deriveKey(first, context), iv);
      cipher.setAAD(Buffer.from(context.bound));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [
        'v1',
        first.id,
        ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')),
      ].join('.');
    },
    open(sealed, context) {
      const [, id, ...parts] = shape.exec(sealed) ?? [];
      const key = keys.find((each) => each.id === id);
      const [iv, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (!key || !iv || !text || !tag) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, context), iv);
      decipher.setAAD(Buffer.from(context.bound)).setAuthTag(tag);
      try {
        return decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return undefined;
      }
    },
    fingerprints: (text) =>
      keys.map(({ secret }) =>
        createHmac('sha256', derive(secret, '', 'fingerprint'))
          .update(text)
          .digest('base64url'),
      ),
  };
}

function deriveKey({ secret }: RingKey, { purpose, cookieKey = '' }: SealContext): Buffer {
  return derive(secret, cookieKey, purpose);
}

function derive(secret: string, salt: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, `bff ${use}`, 32));
}

/** Names a key without giving anything of it away. */
function idOf(secret: string): string {
  return createHash('sha256').update(`bff key id ${secret}`).digest('hex').slice(0, 8);
}
