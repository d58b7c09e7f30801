import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadWhile, type LoadOptions } from './testing/light-load.ts';
import { readmeSamples, runSample } from './testing/readme-samples.ts';
import { isAlive, startStack, type RunningStack } from './testing/running-stack.ts';
import { until } from './testing/until.ts';

let stack: RunningStack;
let tokens: LoadOptions['tokens'];

beforeAll(async () => {
  stack = await startStack([], { RATE_LIMIT_PER_MINUTE: '1000000' });
  const [web = '', mobile = '', wearable = ''] = await Promise.all(
    ['web', 'mobile', 'wearable'].map((client) => stack.token('alice', client)),
  );
  tokens = { web, mobile, wearable };
}, 60_000);
afterAll(() => stack.remove());

const run = (command: string) => stack.run(`node tools/stack/src/main.ts ${command}`);
const instancesOf = (app: string) => stack.state()!.processes.filter((process) => process.app === app);

/** The instances of `app` that each edge sends requests to. */
async function usedByEdges(app: string): Promise<string[][]> {
  return Promise.all(
    instancesOf('edge').map(async ({ admin }) => {
      const { upstreams } = (await (await fetch(`${admin}/info`)).json()) as {
        upstreams: Record<string, { url: string; state: string }[]>;
      };
      return upstreams[app]!.filter(({ state }) => state === 'available').map(({ url }) => url);
    }),
  );
}

async function expectNoFailure(what: string, action: () => Promise<void>): Promise<void> {
  const { sent, failures, slowestMs } = await loadWhile(stack, { tokens }, action);
  process.stdout.write(`${what}: ${sent} reads, slowest ${Math.round(slowestMs)} ms\n`);
  expect(sent).toBeGreaterThan(10);
  expect(failures).toEqual([]);
}

describe('npm start', () => {
  it('is level 4, in at most twenty lines', () => {
    expect(stack.output()).toContain('Level 4, every tier replicated and balanced:\n');
    expect(stack.output().trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(stack.state()!.processes).toHaveLength(15);
    expect(stack.state()!.entries.web).toEqual([
      `http://127.0.0.1:${stack.portBase + 81}`,
      `http://127.0.0.1:${stack.portBase + 181}`,
    ]);
  });

  it('prints commands that work when pasted, and the README’s answer as printed there', async () => {
    const commands = stack.output().split('Try:\n')[1]!.trim().split('\n').slice(0, 3);
    const answers = await Promise.all(commands.map((command) => stack.run(command)));
    for (const { status, stdout } of answers) {
      expect(stdout).toMatch(/ord_0001|CONFIRMED/);
      expect(status).toBe(0);
    }
    expect(readmeSamples(4).length).toBeGreaterThanOrEqual(3);
    for (const sample of readmeSamples(4)) {
      const { printed, expected } = await runSample(sample, stack);
      expect(`line ${sample.line}: ${printed}`).toBe(`line ${sample.line}: ${expected}`);
    }
  }, 30_000);
});

describe('under load, no read fails when', () => {
  // One tier after the other; the other services are the same code as the order service.
  it.each(['order-service-1', 'web-bff-1', 'mobile-bff-1', 'wearable-bff-1', 'edge-1'])(
    '%s is killed',
    async (name) => {
      await expectNoFailure(`${name} killed`, async () => {
        await stack.kill(name);
        await stack.untilStatus(name, 'ready');
      });
    },
    30_000,
  );

  it('every web-bff is restarted, one after the other', async () => {
    const before = instancesOf('web-bff').map(({ pid }) => pid);
    await expectNoFailure('web-bff restarted', async () => {
      const { status, stdout } = await run('restart web-bff');
      expect([status, stdout]).toEqual([
        0,
        'web-bff-1 ends and starts again.\nweb-bff-1 is ready.\n' +
          'web-bff-2 ends and starts again.\nweb-bff-2 is ready.\n',
      ]);
    });
    const after = instancesOf('web-bff').map(({ pid }) => pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  }, 40_000);

  it('a wearable-bff is added, which both edges use at once, and is taken away again', async () => {
    await expectNoFailure('wearable-bff scaled', async () => {
      expect(await run('scale wearable-bff 3')).toMatchObject({ status: 0 });
      const urls = instancesOf('wearable-bff').map(({ url }) => url);
      expect(urls).toHaveLength(3);
      for (const used of await usedByEdges('wearable-bff')) expect(new Set(used)).toEqual(new Set(urls));
      expect(await run('scale wearable-bff 2')).toMatchObject({ status: 0 });
    });
    for (const used of await usedByEdges('wearable-bff')) expect(used).toHaveLength(2);
  }, 40_000);
});

describe('scaling', () => {
  it('refuses what this level does not have', async () => {
    expect(await run('scale api-gateway 2')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^This level has no api-gateway; it has identity-provider, order-service/,
      ),
    });
    expect(await run('scale identity-provider 2')).toMatchObject({ status: 1 });
  });
});

describe('Ctrl-C', () => {
  it('ends all processes within two seconds', async () => {
    const pids = stack.state()!.processes.map(({ pid }) => pid!);
    const start = performance.now();
    expect(await stack.end('SIGINT')).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
    await until('no process is left', () => !pids.some(isAlive), 500);
  });
});
