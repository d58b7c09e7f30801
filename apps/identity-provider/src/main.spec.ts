import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { obtainToken } from '@bff/auth/headless';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

it('runs as a process of its own: prints log lines alone, signs in, leaves when told', async () => {
  const started = performance.now();
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // It must not outlive a test that hangs.
    timeout: 12_000,
  });
  const stderr = text(child.stderr);
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const allRead = once(lines, 'close');
  const logged: Record<string, unknown>[] = [];
  const ready = new Promise<{ http: string }>((resolve) => {
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { msg: string; listeners?: { http: string } };
      logged.push(entry);
      if (entry.msg === 'ready' && entry.listeners) resolve(entry.listeners);
    });
  });
  try {
    const { http } = await ready;
    process.stdout.write(
      `identity-provider: ready ${(performance.now() - started).toFixed(0)} ms after its start\n`,
    );
    await obtainToken({
      issuer: http,
      client: 'wearable',
      user: 'alice',
      password: 'password',
      audience: 'urn:bff:wearable-bff',
    });
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exit).toEqual([0, null]);
  // Its last lines may still be in the pipe when it is gone.
  await allRead;
  expect(logged).toContainEqual(
    expect.objectContaining({ msg: 'token granted', client: 'wearable', subject: 'alice' }),
  );
  expect(await stderr).toBe('');
});
