import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSealer } from './create-sealer.ts';

const [old, current, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;

describe('the sealer of the journal', () => {
  it('opens what it has sealed, never sealed alike twice, and shows nothing of it', () => {
    const sealer = createSealer([current]);
    const sealed = sealer.seal('alice, Dam 1', 'entry/1');
    expect(sealer.open(sealed, 'entry/1')).toBe('alice, Dam 1');
    expect(sealer.seal('alice, Dam 1', 'entry/1')).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.')[1]!, 'base64url').toString()).not.toContain('alice');
  });

  it('opens with an old key what was sealed before it was replaced, and not with a foreign one', () => {
    const sealed = createSealer([old]).seal('text', 'entry/1');
    expect(createSealer([current, old]).open(sealed, 'entry/1')).toBe('text');
    expect(() => createSealer([current, foreign]).open(sealed, 'entry/1')).toThrow('could not be completed');
  });

  it('opens nothing that was changed, cut or moved to another place', () => {
    const sealer = createSealer([current]);
    const sealed = sealer.seal('text', 'entry/1');
    const [id, encoded] = sealed.split('.') as [string, string];
    const bytes = Buffer.from(encoded, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(() => sealer.open(`${id}.${changed.toString('base64url')}`, 'entry/1')).toThrow();
      const cut = bytes.subarray(0, index).toString('base64url');
      expect(() => sealer.open(`${id}.${cut}`, 'entry/1')).toThrow();
    }
    expect(() => sealer.open(sealed, 'entry/2')).toThrow();
  });

  it('takes keys of 32 bytes only, and at least one', () => {
    expect(() => createSealer([])).toThrow('32 bytes');
    expect(() => createSealer([current, randomBytes(16)])).toThrow('32 bytes');
  });
});
