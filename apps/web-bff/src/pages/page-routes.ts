import { readFileSync } from 'node:fs';
import { Router } from 'express';

/** Everything from this server, nothing inline, no frame; forms lead nowhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/` and what it loads: signing in, one's orders, signing out. A team's own front end takes its place. */
export function createPageRoutes(): Router {
  const files = {
    '/': { type: 'html', text: readFileSync(new URL('./index.html', import.meta.url), 'utf8') },
    '/pages/page.js': { type: 'js', text: readFileSync(new URL('./page.js', import.meta.url), 'utf8') },
    '/pages/style.css': { type: 'css', text: readFileSync(new URL('./style.css', import.meta.url), 'utf8') },
  };
  const router = Router({ caseSensitive: true, strict: true });
  for (const [path, { type, text }] of Object.entries(files)) {
    router.get(path, (_request, response) => {
      response.setHeader('Content-Security-Policy', contentSecurityPolicy);
      // Also for the page itself: the back button must not bring back what it showed.
      response.setHeader('Cache-Control', 'no-store');
      response.type(type).send(text);
    });
  }
  return router;
}
