import { promises as dns } from 'node:dns';
import type { Resolve, ResolvedAddress } from './dns-discovery.ts';

/** A and AAAA, through the operating system: what the hosts file and the search list of a container say counts. */
export const resolveAddresses: Resolve = async (name) => dns.lookup(name, { all: true });

/** SRV. Only the records of the best priority, as RFC 2782 wants it. */
export const resolveServices: Resolve = async (name) => {
  const records = await dns.resolveSrv(name);
  const best = Math.min(...records.map(({ priority }) => priority));
  return records
    .filter(({ priority }) => priority === best)
    .map(({ name: address, port, weight }): ResolvedAddress => ({ address, port, weight }));
};
