import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCommandRunner, type CommandRunner } from './testing/run-command.ts';

let readme = '';
let command: CommandRunner;
beforeAll(async () => {
  readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  command = await openCommandRunner();
});
afterAll(() => command.close());

function firstBlock(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(readme)?.[1] ?? '';
}

/** How long it took is different each time. */
const withoutDuration = (text: string) => text.trim().replace(/ran for [\d.]+ s/, 'ran for some time');

describe('the README', () => {
  it('shows what the command that it gives really prints', async () => {
    const [line = '', ...output] = firstBlock('text').split('\n');
    const [, args = ''] = /^\$ npm run -s simulate -- (.*)$/.exec(line) ?? [];
    const ran = await command.run(...args.split(' '));
    expect(withoutDuration(ran.output)).toBe(withoutDuration(output.join('\n')));
  });

  it('shows a scenario file that runs', async () => {
    await writeFile(join(command.directory, 'mine.json'), firstBlock('json'));
    const { status, output } = await command.run('mine.json');
    expect(status).toBe(0);
    expect(output).toContain('mine: ');
  });

  it('names every scenario', async () => {
    const list = (await command.run('--list')).output.split('\n');
    const names = list.map((line) => line.split(' ')[0] ?? '');
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
