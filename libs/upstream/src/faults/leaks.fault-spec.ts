import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('leaks.ts', import.meta.url));

describe('fifty thousand calls to processes that fail, cut connections and are slow', () => {
  it.each(['http', 'grpc'])(
    'over %s leave no lease and no listener behind, and the heap as it was',
    async (protocol) => {
      // It ends with another status than 0, and this rejects, when anything is left.
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--expose-gc',
        program,
        '50000',
        protocol,
      ]);
      const lines = stdout.trim().split('\n');
      process.stdout.write(`${lines.slice(-2).join('\n')}\n`);
      expect(lines).toHaveLength(6);
      expect(lines[4]).toMatch(/"ok":\d{4}.*"pending":0,"listeners":0/);
      expect(lines[4]).toMatch(/"cancelled":\d{2}/);
    },
    300_000,
  );
});
