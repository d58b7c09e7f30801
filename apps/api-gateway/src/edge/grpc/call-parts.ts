import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { ContextScope } from '@bff/core';
import type { ProcessKit } from '@bff/server-kit';
import type { BalancedUpstream } from '../../balanced-upstream.ts';
import type { SessionPool } from './session-pool.ts';

/** What all calls of an entry share. */
export interface CallParts {
  readonly upstream: BalancedUpstream;
  readonly pool: SessionPool;
  readonly kit: ProcessKit;
  /** Paths of unary calls that change nothing. */
  readonly reads: ReadonlySet<string>;
  /** How long a read's answer may take to begin where another instance can be asked. */
  readonly attemptTimeoutMs: number;
  /** The same for all attempts at a read. Other calls may be streams, which begin whenever they have something to say. */
  readonly headTimeoutMs: number;
  readonly maxReplayedBytes: number;
}

export interface ForwardedCallOptions extends CallParts {
  readonly client: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly scope: ContextScope;
  /** Told once, when it is over: `ok` or an error code. */
  readonly onDone: (code: string) => void;
}
