import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import type { StackState } from './stack/running-stack.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('leaves nothing running when a signal ends it in the middle of a run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-spec-'));
  const chaos = spawn(
    process.execPath,
    ['tools/chaos/src/main.ts', '--level', '2', '--tier', 'web-bff', '--port-base', '18200'],
    { cwd: workspaceRoot, env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(chaos, 'exit');
  let said = '';
  chaos.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    // The table's head comes when the stack is ready and the load begins.
    for await (const line of createInterface(chaos.stdout)) if (line.startsWith('|')) break;
    const [file = ''] = globSync(`${folder}/chaos-*/state.json`);
    const { processes } = JSON.parse(readFileSync(file, 'utf8')) as StackState;
    const pids = processes.map(({ pid }) => pid ?? 0);
    expect(pids.length).toBeGreaterThan(5);
    expect(pids.filter(runs)).toEqual(pids);

    chaos.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(said).toBe('Ended by SIGTERM; the stack is stopped.\n');
    expect(pids.filter(runs)).toEqual([]);
    expect(globSync(`${folder}/chaos-*`)).toEqual([]);
  } finally {
    chaos.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
