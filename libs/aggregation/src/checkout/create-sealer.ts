import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '@bff/core';
import type { Sealer } from './state-store.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals with AES-256-GCM under the first key and opens what any of the keys has sealed, so that a key is replaced by
 * putting the new one in front. Each key has 32 bytes. A fresh nonce per text: under one key 2³² texts are safe
 * (NIST SP 800-38D, 8.3), a hundred checkouts a second for some years.
 */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const ring = keys.map((key) => ({ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }));
  const [first] = ring;
  if (!first || keys.some(({ length }) => length !== 32)) throw new Error('Every key must have 32 bytes.');
  return {
    seal(text, boundTo) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, first.key, nonce).setAAD(Buffer.from(boundTo));
      const sealed = [nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()];
      return `${first.id}.${Buffer.concat(sealed).toString('base64url')}`;
    },
    open(sealed, boundTo) {
      const [id, encoded = ''] = sealed.split('.');
      const known = ring.find((candidate) => candidate.id === id);
      if (!known) {
        const cause = new Error('The journal was sealed with a key that is not known here.');
        throw new AppError('internal', 'The request could not be completed.', { cause });
      }
      const bytes = Buffer.from(encoded, 'base64url');
      const opening = createDecipheriv(cipher, known.key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      opening.setAAD(Buffer.from(boundTo)).setAuthTag(bytes.subarray(-tagBytes));
      return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8');
    },
  };
}
