import { appendFileSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@bff/core';
import { startGrpcStandIn } from '../testing/grpc-stand-in.ts';
import { startHttpStandIn } from '../testing/http-stand-in.ts';
import { order, type SeenRequest } from '../testing/stand-in.ts';
import type { Behaviour, InstanceSettings } from './instance.ts';

/** One instance of a service as a process of its own, to be killed, frozen and slowed down. It notes all that it gets. */
const settings = JSON.parse(process.argv[2] ?? '{}') as InstanceSettings;
let behaviour: Behaviour = { delayMs: 5 };

const note = (line: string) => {
  if (settings.folder !== '') appendFileSync(join(settings.folder, 'log'), `${line}\n`);
};

async function respond({ operation, headers, socket }: SeenRequest): Promise<unknown> {
  const call = headers['x-request-id'] ?? '';
  note(`arrived ${call}`);
  const misbehaves = behaviour.share === undefined || Math.random() < behaviour.share;
  if (behaviour.cuts && misbehaves) socket.destroy();
  if (behaviour.failure && misbehaves) {
    const { code, retryAfterMs } = behaviour.failure;
    throw new AppError(code, 'As I was told.', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  await sleep(behaviour.delayMs);
  if (operation === 'CreateOrder') create(call, headers['idempotency-key']);
  return order;
}

/**
 * As a real service does: a key has one effect, whichever replica gets it how often. The file is the effect, since a
 * process that is killed between two steps would have done one of them.
 */
function create(call: string, key: string | undefined): void {
  if (key === undefined) {
    note(`effect ${call}`);
    return;
  }
  try {
    closeSync(openSync(join(settings.folder, `effect-${key}`), 'wx'));
  } catch {
    note(`known ${call}`);
  }
}

const service = await (settings.protocol === 'http'
  ? startHttpStandIn(respond, settings.port)
  : startGrpcStandIn({ respond, port: settings.port }));

process.on('message', (message) => {
  behaviour = message as Behaviour;
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => {
  service.drain();
  // Long enough for every balancer in front to notice by its health check.
  setTimeout(() => void service.finish().then(() => process.exit(0)), settings.drainMs);
});
process.send?.({ url: service.url });
