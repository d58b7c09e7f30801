import { exchangeGrpc } from '../wire/raw-grpc.ts';
import { sendHttp } from '../wire/http-request.ts';
import type { Reached } from './recording-services.ts';
import type { HonestAnswer, Target } from './target.ts';

export interface TargetParts extends Pick<
  Target,
  | 'server'
  | 'entry'
  | 'publicAddresses'
  | 'publicKeys'
  | 'reached'
  | 'token'
  | 'isAlive'
  | 'keyFetches'
  | 'isThroughEdge'
> {
  readonly reached: Reached[];
  readonly url: string;
  readonly path: string;
}

/** The honest request is a GET of `path`. */
export function httpTarget(parts: TargetParts, extraHeaders = ''): Target {
  const target: Target = {
    ...parts,
    protocol: 'http',
    extraHeaders,
    async askHonestly(): Promise<HonestAnswer> {
      const before = parts.reached.length;
      const { status } = await sendHttp(target, {});
      return { status, isServed: status === 200, reaches: parts.reached.length - before };
    },
  };
  return target;
}

/** The honest request is a call of `path` with an empty message, which reaches a service `reaches` times. */
export function grpcTarget(parts: TargetParts, reaches: number): Target {
  const target: Target = {
    ...parts,
    protocol: 'grpc',
    extraHeaders: '',
    async askHonestly(): Promise<HonestAnswer> {
      const headers = { authorization: `Bearer ${await target.token()}` };
      const { status } = await exchangeGrpc(target.url, { path: parts.path, headers });
      return { status, isServed: status === 0, reaches };
    },
  };
  return target;
}
