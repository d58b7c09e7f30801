import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findFreePortBase } from './testing/free-port-base.ts';
import { runCommand } from './testing/run-command.ts';

let folder: string;
let portBase: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acceptance-'));
  portBase = await findFreePortBase();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, environment: Record<string, string> = {}) =>
  runCommand(`node tools/stack/src/main.ts ${command}`, { STACK_DIR: folder, ...environment });

describe('wrong usage', () => {
  it.each([
    ['start --colour', 'Unknown option "--colour"; --help lists the options.'],
    ['start --level x', '--level must be 1, 2, 3 or 4, is "x".'],
    ['start --replicas 0', '--replicas must be a number from 1 to 20, is "0".'],
    ['start --level 2 --replicas 2', 'Level 2 has no replicas; --replicas is for --level 3 and --level 4.'],
    ['scale web-bff', 'Give an app and how many, web-bff 3 for instance; --help says more.'],
    ['restart', 'Give one app, web-bff for instance, or --all; --help says more.'],
    ['start --port-base 99999', '--port-base must be a number from 1024 to 65352, is "99999".'],
    ['token --client tv', '--client must be web, mobile or wearable, is "tv".'],
    ['token --client', 'Option "--client <value>" argument missing; --help lists the options.'],
    ['glance', 'Give one order, ord_0001 for instance; --help lists the options.'],
    ['stop', 'The command must be start, scale, restart, token, session or glance, is "stop".'],
  ])('%s: one line, exit status 2, nothing started', async (command, message) => {
    expect(await run(command)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
    expect(existsSync(join(folder, 'logs'))).toBe(false);
  });

  it.each(['start', 'scale', 'restart', 'token', 'glance'])(
    '%s --help explains the options, exit status 0',
    async (command) => {
      const { status, stdout, stderr } = await run(`${command} --help`);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^npm (start|run (-s )?\w+) (\[-- OPTIONS\]|-- APP)/);
    },
  );
});

describe('no running stack', () => {
  it.each(['token', 'glance ord_0001', 'scale web-bff 3', 'restart --all'])(
    '%s says how to start one, exit status 1',
    async (command) => {
      expect(await run(command)).toEqual({
        status: 1,
        stdout: '',
        stderr: 'No stack is running in this workspace; start one with `npm start`.\n',
      });
    },
  );
});

describe('a wrong variable', () => {
  it('ends the start with the message of the process that refuses it, exit status 1', async () => {
    const { status, stdout, stderr } = await run(`start --level 1 --port-base ${portBase}`, {
      LOG_LEVEL: 'loud',
    });
    expect([status, stdout.replaceAll(/^\d of 5 processes are ready.*\n/gm, '')]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^[\w-]+ cannot start: 1 configuration error:\n {2}LOG_LEVEL: must be one of [\w, ]+, is "loud"\.\n$/,
    );
    expect(existsSync(join(folder, 'state.json'))).toBe(false);
  }, 30_000);
});
