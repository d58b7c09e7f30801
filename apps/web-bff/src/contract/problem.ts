import { errorCodes } from '@bff/core';
import { z } from 'zod';
import type { AnswerContract, Answers } from './operation-contract.ts';

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened, in words for a person.'),
    code: z
      .string()
      .describe(
        `The stable name of the error, for programs: ${errorCodes.map((code) => `\`${code}\``).join(', ')}.`,
      )
      .meta({ examples: ['not_found'] }),
    requestId: z.string().optional().describe('Names the request in the logs.'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('Every fault of the request: a parameter, a header, or the path of a field in the body.'),
  })
  .describe('An error (RFC 9457).');

const problem = (description: string, headers?: Record<string, string>): AnswerContract => ({
  description,
  content: { type: 'application/problem+json', schema: problemSchema },
  ...(headers && { headers }),
});

const retryAfter = { 'Retry-After': 'Seconds after which another try makes sense.' };

const problems = {
  400: problem('The request is not as it must be; `errors` names every fault.'),
  401: problem('No valid credential.', { 'WWW-Authenticate': 'How to authenticate.' }),
  403: problem(
    'The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent.',
  ),
  404: problem('There is no such order, or it is another customer’s.'),
  409: problem('The request is right, but what it is about is not in a state for it.'),
  413: problem('The body is larger than 64 KiB.'),
  415: problem('The body is not JSON.'),
  422: problem('The idempotency key was used for another request.'),
  429: problem('More requests than one user may make.', {
    ...retryAfter,
    RateLimit: 'What is left, and until when.',
    'RateLimit-Policy': 'The limit.',
  }),
  500: problem('A fault of this server.'),
  501: problem('This is not offered here.'),
  502: problem('A service that is needed for the answer failed.'),
  503: problem('There is no room for the request at the moment.', retryAfter),
  504: problem('A service that is needed for the answer did not answer in time.'),
} as const;

/** The problems that an operation may answer with, by status. */
export function problemAnswers(...statuses: readonly (keyof typeof problems)[]): Answers {
  return Object.fromEntries(statuses.map((status) => [status, problems[status]]));
}
