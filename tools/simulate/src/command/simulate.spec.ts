import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseXml } from '@rgrove/parse-xml';
import { openCommandRunner, type CommandRunner } from '../testing/run-command.ts';

let command: CommandRunner;
beforeAll(async () => {
  command = await openCommandRunner();
});
afterAll(() => command.close());

const small = {
  title: 'Small',
  durationMs: 2_000,
  ratePerSecond: 50,
  instances: [{ id: 'a', count: 2, serviceTime: { kind: 'constant', ms: 10 } }],
};

async function write(name: string, content: unknown): Promise<string> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(command.directory, name), text);
  return name;
}

describe('simulate', () => {
  it('prints the figures of a scenario and draws it into .simulate', async () => {
    const { status, output } = await command.run('one-dead');
    expect(status).toBe(0);
    expect(output).toMatch(/^one-dead: One of two/);
    for (const row of [
      /^calls +\d+$/m,
      /^success +100\.00 %$/m,
      /^latency p99\.9 +[\d.]+ ms$/m,
      /^share of b /m,
    ]) {
      expect(output).toMatch(row);
    }
    expect(output).toMatch(/20\.\d\d s {2}b {2}connection +for 1\.\d\d s/);
    expect(output).toContain('.simulate/one-dead.svg drawn');
    const svg = await readFile(join(command.directory, '.simulate/one-dead.svg'), 'utf8');
    expect(parseXml(svg).root?.name).toBe('svg');
  });

  it('puts pickers side by side, with the same arrivals', async () => {
    const { output } = await command.run(
      'one-slow',
      '--compare',
      'peak_ewma,round_robin',
      '--out',
      'two.svg',
    );
    expect(output).toMatch(/^ +peak_ewma +round_robin$/m);
    const [, one, other] = /^calls +(\d+) +(\d+)$/m.exec(output) ?? [];
    expect(one).toBe(other);
    await expect(readFile(join(command.directory, 'two.svg'), 'utf8')).resolves.toContain('round_robin');
  });

  it('gives medians and the worst of many seeds', async () => {
    const file = await write('small.json', small);
    const { output } = await command.run(file, '--runs', '5', '--seed', '3');
    expect(output).toContain('seeds 3 to 7; medians, the worst run in brackets');
    expect(output).toMatch(/^calls +\d+ \(\d+\)$/m);
  });

  it('lays policy values and files over the scenario', async () => {
    const policy = await write('policy.json', { ejection: { maxEjectedShare: 0 }, picker: 'round_robin' });
    const withValue = await command.run('one-dead', '--json', '--policy', 'ejection.maxEjectedShare=0');
    const withFile = await command.run('one-dead', '--json', '--policy', policy);
    for (const { output } of [withValue, withFile]) {
      const [column] = JSON.parse(output).columns;
      expect(column.shown.ejections).toEqual([]);
      expect(column.policy.ejection).toEqual({ maxEjectedShare: 0 });
    }
    expect(JSON.parse(withFile.output).columns[0].name).toBe('round_robin');
  });

  it('prints JSON and nothing else when asked', async () => {
    const { output } = await command.run(await write('small.json', small), '--json');
    const { columns, plot } = JSON.parse(output);
    expect(plot).toBe(join(command.directory, '.simulate/small.svg'));
    expect(columns[0].figures).toContainEqual({ name: 'success', unit: 'share', median: 1, worst: 1 });
  });

  it('lists its scenarios, and says how it is used', async () => {
    const list = await command.run('--list');
    expect(list.output.split('\n')).toHaveLength(9);
    expect(list.output).toMatch(/^published-eleven +Eleven instances/m);
    const help = await command.run('--help');
    for (const option of [
      '--policy',
      '--picker',
      '--compare',
      '--seed',
      '--runs',
      '--out',
      '--json',
      '--list',
    ]) {
      expect(help.output).toContain(option);
    }
  });
});

describe('simulate, used wrongly, ends with 2 and', () => {
  it.each([
    [['nope'], 'There is no scenario "nope"; there are flapping, one-dead,'],
    [[], 'Name a scenario'],
    [['one-dead', 'one-slow'], '"one-slow" is one too many'],
    [['one-dead', '--speed', '2'], "Unknown option '--speed'; --help lists the options."],
    [['one-dead', '--picker', 'best'], 'There is no picker "best"; there are peak_ewma, least_request,'],
    [['one-dead', '--picker', 'peak_ewma', '--compare', 'round_robin'], 'exclude each other'],
    [['one-dead', '--compare', 'peak_ewma,peak_ewma'], 'names a picker twice'],
    [['one-dead', '--compare', 'peak_ewma', '--policy', 'picker=round_robin'], 'give one of them'],
    [['one-dead', '--runs', '0'], '--runs must be a whole number from 1 to 10000, is "0"'],
    [['one-dead', '--seed', 'x'], '--seed must be a whole number'],
    [['one-dead', '--policy', 'ejection.base=5'], 'there is no "base"; known: consecutiveFailures,'],
    [['one-dead', '--policy', 'ejection.baseMs=soon'], 'ejection.baseMs: must be a number'],
    [['one-dead', '--policy', 'ejection.minSuccessRate=2'], 'give a share between 0 and 1'],
    [
      ['one-dead', '--policy', 'picker=best'],
      'picker: must be peak_ewma, least_request, round_robin or consistent_hash',
    ],
  ])('says so: %j', async (args, message) => {
    const { status, output, errors } = await command.run(...args);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(errors).toContain(message);
  });
});

describe('simulate, given a file that is wrong, ends with 1 and', () => {
  const [instance] = small.instances;
  const withFault = (fault: object) => ({ ...small, instances: [{ ...instance, faults: [fault] }] });

  it.each<[unknown, string]>([
    ['{', 'wrong.json is not JSON: '],
    [
      { ...small, ratePerSecond: '50' },
      'wrong.json is not a valid scenario:\n  ratePerSecond: must be a number',
    ],
    [{ ...small, durationMs: 1 }, '  durationMs: must be at least 1000'],
    [{ ...small, rate: 1 }, '  (top): there is no "rate"; known: $schema, title, seed,'],
    [
      withFault({ kind: 'ded' }),
      '  instances[0].faults[0].kind: must be dead, frozen, draining, slow or failing',
    ],
    [withFault({ kind: 'failing', answer: 'no', afterMs: 1 }), '.answer: must be server_error or overloaded'],
    [withFault({ kind: 'slow', factor: 0 }), '  instances[0].faults[0].factor: must be above 0'],
    [{ ...small, priorities: { vip: 1 } }, '  priorities: '],
    [{ ...small, policy: { ejection: { minSuccessRate: 3 } } }, '  policy: The balancing policy'],
    [{ ...small, admission: { minLimit: 0.5 } }, '  admission: minLimit must be a whole number above 0'],
    [
      { ...small, variants: [{ name: 'x', admission: { limit: 1 } }] },
      '  variants[0].admission: there is no "limit"',
    ],
    [{ ...small, ratePerSecond: 90_000, durationMs: 3_000_000 }, 'at most 5000000 can be run'],
    [{ ...small, instances: [instance, { ...instance, count: 1 }] }, '"a1" is there twice'],
    [{ ...small, instances: [{ ...instance, startsAtMs: 5 }] }, 'none is there from the start'],
  ])('says where: %j', async (content, message) => {
    const { status, output, errors } = await command.run(await write('wrong.json', content));
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain(message);
  });

  it('names a file that is not there', async () => {
    const { status, errors } = await command.run('missing.json');
    expect(status).toBe(1);
    expect(errors).toBe('missing.json cannot be read (ENOENT); give the path of a scenario.');
  });

  it('names an output that cannot be written', async () => {
    const file = await write('small.json', small);
    const { status, errors } = await command.run(file, '--out', `${file}/plot.svg`);
    expect(status).toBe(1);
    expect(errors).toMatch(
      /^small\.json\/plot\.svg cannot be written \(\w+\); give another path with --out\.$/,
    );
  });
});
