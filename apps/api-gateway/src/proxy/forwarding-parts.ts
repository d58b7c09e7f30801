import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AppError, Context } from '@bff/core';
import type { ProcessKit } from '@bff/server-kit';
import type { FurtherAttempts, ManagedEndpoints } from '@bff/upstream';
import type { Request, Response } from 'express';

/** How answers reach the client: as the gateway's own, or passed on by an edge. */
export interface AnswerRules {
  /** The client's part of the headers. `origin` is the instance's, which no client may learn. */
  readonly headers: (given: IncomingHttpHeaders, origin: string) => OutgoingHttpHeaders;
  /** Whether an answer is replaced by the gateway's own words. */
  readonly replaces: (status: number) => boolean;
}

/** What all requests to one service share. */
export interface ForwardingParts {
  readonly service: string;
  readonly kit: ProcessKit;
  readonly endpoints: Pick<ManagedEndpoints, 'balancer' | 'discovered' | 'onceSilent'>;
  readonly further: FurtherAttempts;
  /** How long the head of an answer may take where another instance can be asked. */
  readonly attemptTimeoutMs: number;
  /** How long the head of an answer may take in all. Default: as long as the request itself. */
  readonly headTimeoutMs?: number;
  readonly answers: AnswerRules;
}

export interface ForwardedRequestOptions extends ForwardingParts {
  readonly request: Request;
  readonly response: Response;
  readonly context: Context;
  /** The headers for the instance, for each attempt anew, since time passes. Throws `deadline_exceeded`. */
  readonly headers: () => IncomingHttpHeaders;
  /** The request changes nothing: repeating it is harmless. */
  readonly isRead: boolean;
  /** The body, read to its end; a body that is not given is streamed once. */
  readonly body?: Buffer | undefined;
  /** The answer has no end of its own (server-sent events). */
  readonly isStream?: boolean;
  /** Sends the request to the instance of the current exchange. */
  readonly send: () => void;
  /** Answers the client with an error. */
  readonly fail: (error: AppError) => void;
}
