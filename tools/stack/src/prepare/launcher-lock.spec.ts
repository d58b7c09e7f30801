import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { lockStack } from './launcher-lock.ts';

describe('the lock of a stack', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  beforeEach(() => {
    paths = createTemporaryPaths();
  });
  afterEach(() => paths.remove());

  it('refuses a second launcher and names the first, until it is given back', () => {
    const unlock = lockStack(paths.lockFile, 11, () => true);
    expect(() => lockStack(paths.lockFile, 12, () => true)).toThrow(/running already \(process 11\)/);
    unlock();
    expect(existsSync(paths.lockFile)).toBe(false);
    lockStack(paths.lockFile, 12, () => true);
    expect(readFileSync(paths.lockFile, 'utf8')).toBe('12');
  });

  it('is taken over from a launcher that was killed', () => {
    lockStack(paths.lockFile, 11, () => true);
    lockStack(paths.lockFile, 12, () => false);
    expect(readFileSync(paths.lockFile, 'utf8')).toBe('12');
  });

  it('is not taken for held when its process id now belongs to another program', () => {
    writeFileSync(paths.lockFile, String(process.pid));
    lockStack(paths.lockFile, 12);
    expect(readFileSync(paths.lockFile, 'utf8')).toBe('12');
  });

  it('does not remove the lock of a successor', () => {
    const unlock = lockStack(paths.lockFile, 11, () => true);
    lockStack(paths.lockFile, 12, () => false);
    unlock();
    expect(readFileSync(paths.lockFile, 'utf8')).toBe('12');
  });
});
