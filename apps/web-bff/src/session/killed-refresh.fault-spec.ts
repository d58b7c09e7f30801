import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startTestProvider, type TestProvider } from '@bff/auth/testing';
import { startIssuerInBetween, type IssuerInBetween } from '../testing/issuer-in-between.ts';
import { createTestBrowser, signIn } from '../testing/open-session-bffs.ts';
import { startSessionProcess, type SessionProcess } from '../testing/session-process.ts';

type TestBrowser = ReturnType<typeof createTestBrowser>;

/** One instance that refreshes and is ended under way, and one that lives. */
interface Scene {
  readonly provider: TestProvider;
  readonly between: IssuerInBetween;
  readonly stateFile: string;
  readonly victim: SessionProcess;
  readonly survivor: SessionProcess;
}

/** Ends the victim at a certain point while it refreshes for the browser. */
type Ending = (scene: Scene, browser: TestBrowser) => Promise<void>;

const folder = mkdtempSync(join(tmpdir(), 'bff-killed-'));
const closing: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  rmSync(folder, { recursive: true });
});

async function openScene(name: string, rotates: boolean): Promise<Scene> {
  const provider = await startTestProvider('urn:bff:web-bff');
  provider.behaviour.rotates = rotates;
  const between = await startIssuerInBetween(provider.issuer);
  const stateFile = join(folder, `${name}.db`);
  const environment = { ISSUER_URL: provider.issuer, STATE_FILE: stateFile };
  const [victim, survivor] = await Promise.all([
    startSessionProcess({ ...environment, ISSUER_INTERNAL_URL: between.url }),
    startSessionProcess(environment),
  ]);
  closing.push(
    () => between.close(),
    () => provider.close(),
    () => victim.kill('SIGKILL'),
    () => survivor.kill('SIGKILL'),
  );
  return { provider, between, stateFile, victim, survivor };
}

const me = (browser: TestBrowser, { url }: SessionProcess) => browser.ask(`${url}/v1/me`);

const killedBeforeTheCall: Ending = async ({ between, victim }, browser) => {
  const asked = between.asked();
  void me(browser, victim).catch(() => undefined);
  await asked;
  await victim.kill('SIGKILL');
};

const killedWhileTheIssuerAnswers: Ending = async ({ between, victim }, browser) => {
  const answered = between.answered();
  void me(browser, victim).catch(() => undefined);
  await answered;
  await victim.kill('SIGKILL');
};

/** It has the answer when it has answered itself; it cannot have stored it, for the store is held. */
const killedBeforeTheSave: Ending = async ({ between, victim, stateFile }, browser) => {
  const answered = between.answered();
  const served = me(browser, victim);
  const answer = await answered;
  const holder = new DatabaseSync(stateFile);
  holder.exec('begin immediate');
  answer.pass();
  expect((await served).status).toBe(200);
  await victim.kill('SIGKILL');
  holder.close();
};

const stoppedWhileTheIssuerAnswers: Ending = async ({ between, victim }, browser) => {
  const answered = between.answered();
  const served = me(browser, victim).catch(() => undefined);
  const answer = await answered;
  const gone = victim.kill('SIGTERM');
  answer.pass();
  await Promise.all([gone, served]);
};

/** What the user gets who comes to the other instance then. A request may take two seconds; browsers ask again. */
async function comeBackAfter(name: string, rotates: boolean, end: Ending) {
  const scene = await openScene(name, rotates);
  const { provider, survivor } = scene;
  provider.behaviour.accessTokenSeconds = 1;
  const { browser } = await signIn({ provider, urls: [survivor.url] });
  // In the second half of its life a token is renewed, in the last five seconds at once.
  await pass(600);
  provider.behaviour.accessTokenSeconds = 900;
  await end(scene, browser);
  const startedAt = performance.now();
  let { status } = await me(browser, survivor);
  while (status >= 500) {
    await pass(200);
    ({ status } = await me(browser, survivor));
  }
  process.stdout.write(
    `refresh, instance ${name}, ${rotates ? 'refresh tokens rotated' : 'not rotated'}: ${String(status)} after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`,
  );
  return { status, hasCookie: browser.cookies.has('__Host-session') };
}

const served = { status: 200, hasCookie: true };

describe('an instance that ends in mid-refresh', () => {
  // What rotation makes impossible is not asked for: an instance that dies with the only good token (docs/security.md).
  it('signs nobody out, wherever it was', async () => {
    const seen = await Promise.all([
      comeBackAfter('killed while the issuer answers', false, killedWhileTheIssuerAnswers),
      comeBackAfter('killed before the save', false, killedBeforeTheSave),
      comeBackAfter('killed before the token call', true, killedBeforeTheCall),
      comeBackAfter('stopped while the issuer answers', true, stoppedWhileTheIssuerAnswers),
    ]);
    expect(seen).toEqual([served, served, served, served]);
  }, 60_000);
});
