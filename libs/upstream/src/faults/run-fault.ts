import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@bff/core';
import type { AttemptEvent } from '../account-outcome.ts';
import { createOrdersPort } from '../service-ports.ts';
import { createUpstream } from '../upstream.ts';
import type { UpstreamEvent } from '../upstream-event.ts';
import type { Fault } from './fault.ts';
import { startInstance, type Instance, type InstanceSettings } from './instance.ts';
import { judgeRun, type Figures } from './judge-run.ts';
import { offerCalls } from './offer-calls.ts';

export interface FaultRun {
  readonly fault: Fault;
  readonly protocol: 'http' | 'grpc';
  readonly ratePerSecond: number;
  readonly beforeMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  /** The callers' deadline. */
  readonly timeoutMs: number;
  /** In [0, 1), for jitter and ties. */
  readonly random: () => number;
}

export interface Timed<T> {
  readonly at: number;
  readonly event: T;
}

/** Lets a fault happen to one of two processes while calls come at a constant rate; counts every one of them. */
export async function runFault(run: FaultRun): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'bff-faults-'));
  const settings: InstanceSettings = { protocol: run.protocol, port: 0, folder, drainMs: 1_000 };
  const instances = await Promise.all([startInstance(settings), startInstance(settings)]);
  try {
    return await measure(run, instances, settings);
  } finally {
    for (const { signal } of instances) signal('SIGKILL');
    await Promise.all(instances.map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  }
}

async function measure(run: FaultRun, instances: Instance[], settings: InstanceSettings): Promise<Figures> {
  const [victim] = instances;
  if (!victim) throw new Error('There is no instance.');
  const attempts: Timed<AttemptEvent>[] = [];
  const events: Timed<UpstreamEvent>[] = [];
  const upstream = createUpstream({
    name: 'orders',
    urls: instances.map(({ url }) => url).join(','),
    clock: systemClock,
    random: run.random,
    internalToken: async () => 'token',
    audience: 'order-service',
    timeoutMs: 1_000,
    onAttempt: (event) => attempts.push({ at: systemClock.now(), event }),
    onEvent: (event) => events.push({ at: systemClock.now(), event }),
  });
  const stalls = monitorEventLoopDelay({ resolution: 10 });
  stalls.enable();
  const durationMs = run.beforeMs + run.faultMs + run.afterMs;
  // Names calls, and travels in a header.
  const name = run.fault.name.replaceAll(/\W/g, '');
  const offered = offerCalls(createOrdersPort(upstream), {
    name,
    ratePerSecond: run.ratePerSecond,
    durationMs,
    timeoutMs: run.timeoutMs,
  });
  await sleep(run.beforeMs);
  const begunAt = systemClock.now();
  await run.fault.begin(victim);
  await sleep(run.faultMs);
  const endedAt = systemClock.now();
  if (run.fault.end) run.fault.end(victim);
  else instances.push(await replace(victim, settings));
  const results = await offered;
  const pending = upstream.endpoints().reduce((sum, endpoint) => sum + endpoint.pending, 0);
  await upstream.close();
  stalls.disable();
  const log = readFileSync(join(settings.folder, 'log'), 'utf8').split('\n');
  for (const file of readdirSync(settings.folder)) log.push(file.replace('effect-', 'effect '));
  return judgeRun({
    results,
    attempts,
    events,
    log,
    begunAt,
    endedAt,
    victimId: victim.id,
    pending,
    stallMs: stalls.max / 1e6,
  });
}

async function replace(victim: Instance, settings: InstanceSettings): Promise<Instance> {
  await victim.ended;
  return startInstance({ ...settings, port: Number(victim.id.split(':')[1]) });
}
