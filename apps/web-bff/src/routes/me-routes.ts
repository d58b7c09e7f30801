import { AppError } from '@bff/core';
import { contextOf } from '@bff/server-kit';
import { Router } from 'express';
import type { z } from 'zod';
import { getMe, type meSchema } from '../contract/me-operation.ts';
import { methodNotAllowed } from '../errors.ts';
import { readRequest } from './read-request.ts';

/** `GET /me`: who the caller is, as far as the client has to know. */
export function createMeRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/me', (request, response) => {
    readRequest(getMe, request);
    const { principal } = contextOf(request);
    if (!principal) throw new AppError('unauthenticated', 'An access token is required.');
    response.setHeader('Cache-Control', 'no-store');
    const me: z.output<typeof meSchema> = { subject: principal.subject, roles: [...principal.roles] };
    response.json(me);
  });
  router.all('/me', methodNotAllowed(['GET', 'HEAD']));
  return router;
}
