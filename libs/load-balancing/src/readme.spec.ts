import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@bff/core';
import { createBalancer } from './balancer/create-balancer.ts';
import { runScenario, type SimulationResult } from './simulator/index.ts';

async function snippets(): Promise<string[]> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
}

describe('the README', () => {
  it('shows a balancer that works', async () => {
    const [code] = await snippets();
    const sent: string[] = [];
    const log = { info: () => undefined };
    const send = async (url: string) => sent.push(url);
    const surroundings = {
      createBalancer,
      systemClock,
      log,
      send,
      alreadyTried: new Set(),
      latencyMs: 5,
      elapsedMs: 5,
    };
    await runInNewContext(`(async () => { ${code ?? ''} })()`, surroundings);
    expect(sent[0]).toMatch(/^http:\/\/127\.0\.0\.1:300[12]$/);
  });

  it('shows a scenario that runs, in which no call fails', async () => {
    const [, code] = await snippets();
    const result = runInNewContext(`${code ?? ''}; result`, { runScenario }) as SimulationResult;
    expect(result.offered).toBeGreaterThan(11_000);
    expect(result.succeeded).toBe(result.offered);
  });
});
