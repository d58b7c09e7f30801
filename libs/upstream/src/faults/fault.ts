import { connect, type Socket } from 'node:net';
import type { Instance } from './instance.ts';

/** Something that happens to one of two instances while calls go on. */
export interface Fault {
  readonly name: string;
  begin(victim: Instance): Promise<void> | void;
  /** Left out: a new process takes the place of the one that has ended. */
  end?(victim: Instance): void;
}

/** More than the kernel keeps waiting for a process that does not accept. */
const backlog = 600;

export function createFaults(): readonly Fault[] {
  let plugs: Socket[] = [];
  const normal = (victim: Instance) => victim.behave({ delayMs: 5 });
  return [
    { name: 'SIGKILL', begin: (victim) => victim.signal('SIGKILL') },
    { name: 'SIGTERM', begin: (victim) => victim.signal('SIGTERM') },
    {
      name: 'SIGSTOP',
      begin: (victim) => victim.signal('SIGSTOP'),
      end: (victim) => victim.signal('SIGCONT'),
    },
    {
      name: 'black hole',
      // Frozen, and with its queue of connections full: packets of further ones are dropped.
      begin(victim) {
        victim.signal('SIGSTOP');
        const { hostname, port } = new URL(victim.url.replace(/^grpc/, 'http'));
        plugs = Array.from({ length: backlog }, () =>
          connect(Number(port), hostname).on('error', () => undefined),
        );
      },
      end(victim) {
        for (const plug of plugs) plug.destroy();
        victim.signal('SIGCONT');
      },
    },
    { name: 'slow ×10', begin: (victim) => victim.behave({ delayMs: 50 }), end: normal },
    {
      name: 'fast 500',
      begin: (victim) => victim.behave({ delayMs: 0, failure: { code: 'internal' } }),
      end: normal,
    },
    {
      name: 'fast 429',
      begin: (victim) =>
        victim.behave({ delayMs: 0, failure: { code: 'resource_exhausted', retryAfterMs: 1_000 } }),
      end: normal,
    },
  ];
}
