import { openChild, type Clock, type Filter } from '@bff/core';

/** Ends an attempt after `timeoutMs`, or with its caller if that is sooner. */
export function limitTime<Req, Res>(timeoutMs: number, clock: Clock): Filter<Req, Res> {
  return (next) => async (request, context) => {
    const scope = openChild(context, { clock, timeoutMs });
    try {
      return await next(request, scope.context);
    } finally {
      scope.close();
    }
  };
}
