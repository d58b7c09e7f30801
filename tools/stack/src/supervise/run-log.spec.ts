import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { RunLog } from './run-log.ts';

describe('the log of a run', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  let file: string;
  beforeEach(() => {
    paths = createTemporaryPaths();
    file = join(paths.logs, 'app.log');
  });
  afterEach(() => paths.remove());

  it('knows nothing of earlier runs', () => {
    appendFileSync(file, 'app cannot start: an earlier reason\n');
    const log = new RunLog(file);
    expect([log.lastLine(), log.startFailure()]).toEqual(['', undefined]);
    appendFileSync(file, 'app cannot start: 2 configuration errors:\n  A: x\n  B: y\n');
    expect(log.startFailure()).toBe('app cannot start: 2 configuration errors:\n  A: x\n  B: y');
  });

  it('shows the message of a structured record, and other lines as they are', () => {
    const log = new RunLog(file);
    appendFileSync(file, '{"level":"error","msg":"the database is gone"}\n');
    expect(log.lastLine()).toBe('the database is gone');
    appendFileSync(file, '{"half a rec\n');
    expect(log.lastLine()).toBe('{"half a rec');
  });

  it('finds its last line in a log of any size', () => {
    const log = new RunLog(file);
    appendFileSync(file, `${'x'.repeat(100_000)}\nthe end\n`);
    expect(log.lastLine()).toBe('the end');
  });
});
