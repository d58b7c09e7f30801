import { Router } from 'express';
import { AppError } from '@bff/core';
import { contextOf } from '@bff/server-kit';
import { methodNotAllowed } from '../errors.ts';

/** `GET /me`: who the caller is, as far as the client has to know. */
export function createMeRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/me', (request, response) => {
    const { principal } = contextOf(request);
    if (!principal) throw new AppError('unauthenticated', 'An access token is required.');
    response.setHeader('Cache-Control', 'no-store');
    response.json({ subject: principal.subject, roles: principal.roles });
  });
  router.all('/me', methodNotAllowed(['GET', 'HEAD']));
  return router;
}
