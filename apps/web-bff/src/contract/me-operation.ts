import { z } from 'zod';
import { jsonContent } from './operation-contract.ts';
import { problemAnswers } from './problem.ts';

export const meSchema = z
  .object({
    subject: z.string().describe('The user’s stable id.'),
    roles: z.array(z.string()).meta({ examples: [['support']] }),
  })
  .describe('Who is signed in.');

export const getMe = {
  id: 'getMe',
  method: 'get',
  path: '/v1/me',
  tag: 'user',
  summary: 'Who is signed in',
  description: 'Answers from the credential alone; no service is asked.',
  query: z.strictObject({}),
  answers: {
    200: { description: 'The user.', content: jsonContent(meSchema) },
    ...problemAnswers(400, 401, 429, 503),
  },
} as const;
