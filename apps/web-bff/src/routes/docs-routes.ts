import { join } from 'node:path';
import express, { Router } from 'express';
import swaggerUiFolder from 'swagger-ui-dist/absolute-path.js';
import { methodNotAllowed } from '../errors.ts';

export interface DocsRoutesOptions {
  /** The OpenAPI document. */
  document: object;
  /** Also a page to read and try it; it is for development. */
  page: boolean;
}

/** Everything from this server and nothing from elsewhere, no inline script or style; images in the style sheet are data URLs. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>web-bff</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

/** `/openapi.json` and, with a page, `/docs`: Swagger UI out of its package, without a network. */
export function createDocsRoutes({ document, page }: DocsRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const json = JSON.stringify(document);
  router.get('/openapi.json', (_request, response) => {
    // Public: it says what may be asked, not what is answered.
    response.setHeader('Cache-Control', 'public, max-age=60');
    response.type('application/json').send(json);
  });
  router.all('/openapi.json', methodNotAllowed(['GET', 'HEAD']));
  if (page) router.use('/docs', createPageRoutes());
  return router;
}

function createPageRoutes(): Router {
  const router = express.Router({ caseSensitive: true });
  router.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    response.setHeader('Cache-Control', 'no-cache');
    next();
  });
  router.get('/', (_request, response) => response.type('html').send(pageHtml));
  router.get('/start.js', (_request, response) => response.type('js').send(startScript));
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    const path = join(swaggerUiFolder(), file);
    router.get(`/${file}`, (_request, response) => {
      response.sendFile(path, { cacheControl: false });
    });
  }
  return router;
}
