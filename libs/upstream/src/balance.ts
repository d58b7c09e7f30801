import { throwIfEnded, type Call } from '@bff/core';
import type { Balancer } from '@bff/load-balancing';
import type { Attempt, UpstreamCall } from './transport.ts';

/** Picks the instance for an attempt; one that this call has tried already only when there is no other. */
export function balance<Req, Res>(
  balancer: Balancer,
  attempt: Call<Attempt<Req, Res>, Res>,
): Call<UpstreamCall<Req, Res>, Res> {
  return async (call, context) => {
    // No attempt starts after expiry: it could only cost, and the instance would be blamed for it.
    throwIfEnded(context);
    const lease = balancer.acquire({ exclude: call.tried, repeatable: call.repeatable });
    call.tried.add(lease.endpoint.id);
    return attempt({ ...call, lease }, context);
  };
}
