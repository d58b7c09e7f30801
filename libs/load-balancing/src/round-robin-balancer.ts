import { AppError } from '@bff/core';
import type { AcquireOptions, Balancer, Lease } from './balancer.ts';
import type { Endpoint } from './endpoint.ts';

interface Member {
  readonly endpoint: Endpoint;
  pending: number;
}

/** Takes the endpoints in turn, whatever their outcomes. Throws an Error when two endpoints share an id. */
export function createRoundRobinBalancer(endpoints: readonly Endpoint[]): Balancer {
  const members: readonly Member[] = endpoints.map((endpoint) => ({ endpoint, pending: 0 }));
  const ids = new Set(endpoints.map(({ id }) => id));
  if (ids.size !== endpoints.length) throw new Error('Two endpoints have the same id.');
  let next = 0;

  const pick = (exclude: ReadonlySet<string> | undefined): Member | undefined => {
    for (let step = 0; step < members.length; step++) {
      const index = (next + step) % members.length;
      const member = members[index];
      if (member === undefined || exclude?.has(member.endpoint.id)) continue;
      next = (index + 1) % members.length;
      return member;
    }
    return undefined;
  };

  return {
    acquire(options: AcquireOptions = {}) {
      // A second attempt at the only instance is better than none.
      const member = pick(options.exclude) ?? pick(undefined);
      if (member === undefined) {
        throw new AppError('unavailable', 'The service has no instance that could answer.');
      }
      return openLease(member);
    },
    endpoints: () =>
      members.map(({ endpoint, pending }) => ({ ...endpoint, state: 'available' as const, pending })),
    close: () => undefined,
  };
}

function openLease(member: Member): Lease {
  let open = true;
  member.pending++;
  return {
    endpoint: member.endpoint,
    done() {
      if (!open) return;
      open = false;
      member.pending--;
    },
  };
}
