import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { createManualClock } from '@bff/core/testing';
import { createLogger } from '@bff/observability';
import { createFollowVariable } from './follow-variable.ts';

const logger = createLogger({ service: 'test', instance: 'test-1', level: 'silent', clock: systemClock });

function followFile(first: string | undefined) {
  const clock = createManualClock();
  const seen: string[] = [];
  let content = first;
  const follow = createFollowVariable({
    environment: { KEY_FILE: '/run/secrets/key' },
    clock,
    logger,
    read: () => (content === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(content)),
  });
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  const stop = follow('KEY', (text) => {
    if (text === 'broken') throw new Error('is not a key');
    seen.push(text);
  });
  return {
    seen,
    stop,
    async become(next: string | undefined) {
      await settle();
      content = next;
      await clock.advance(1_000);
      await settle();
    },
  };
}

describe('a variable that is given as a file', () => {
  it('is told when its content changes, and only then', async () => {
    const file = followFile('one\n');
    await file.become('one');
    expect(file.seen).toEqual(['one']);
    await file.become('two\n');
    await file.become('two');
    await file.become('three');
    expect(file.seen).toEqual(['one', 'two', 'three']);
  });

  it('keeps what it had while the file is away or not usable', async () => {
    const file = followFile('one');
    await file.become(undefined);
    await file.become('broken');
    await file.become('two');
    expect(file.seen).toEqual(['one', 'two']);
  });

  it('is not looked at any more once nobody follows', async () => {
    const file = followFile('one');
    await file.become('one');
    file.stop();
    await file.become('two');
    expect(file.seen).toEqual(['one']);
  });
});
