import type { Router } from 'express';

/** The routes of a router, `GET /auth/login`, without those that refuse methods; what stands in a router within it is at `inner`. */
export function routesOf(router: Router, inner = ''): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (!route)
      return 'stack' in handle ? routesOf(handle as Router).map((found) => below(inner, found)) : [];
    const methods = route.stack.flatMap(({ method }) => (method ? [method.toUpperCase()] : []));
    return [...new Set(methods)].map((method) => `${method} ${route.path}`);
  });
}

function below(prefix: string, route: string): string {
  return route.replace(' ', ` ${prefix}`).replace(/(?<=\w)\/$/, '');
}
