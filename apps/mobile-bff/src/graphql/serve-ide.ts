import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { graphqlPath } from './paths.ts';

const defaultQuery = `# The token goes into "Headers" below: { "Authorization": "Bearer …" }.
# npm run -s token -- --user alice --client mobile

query OrderScreen {
  order(id: "ord_0001") {
    status
    payment { status }
    shipment { status latestEvent { place } }
  }
}
`;

/** What of the package is used; its own types need all of GraphQL Yoga. */
interface Renderer {
  renderGraphiQL(options: object): string;
}

interface Page {
  html: string;
  policy: string;
}

/**
 * GraphiQL for development, wholly out of a package: it works without a network, and its content security policy lets
 * nothing else in. Nine megabytes that no other process needs are loaded when somebody first asks for the page.
 */
export function serveIde(load: () => Promise<Renderer> = loadRenderer): RequestHandler {
  let page: Promise<Page> | undefined;
  return async (_request, response) => {
    page ??= load().then(render);
    const { html, policy } = await page;
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Cache-Control', 'no-store');
    response.type('html').send(html);
  };
}

/** By a name that bundlers do not follow: a bundle is for production, where there is no page. */
async function loadRenderer(): Promise<Renderer> {
  return (await import(import.meta.resolve('@graphql-yoga/render-graphiql'))) as Renderer;
}

function render({ renderGraphiQL }: Renderer): Page {
  const html = renderGraphiQL({
    title: 'mobile-bff',
    endpoint: graphqlPath,
    // Tokens go into a header, which a browser's WebSocket cannot carry.
    subscriptionsProtocol: 'GRAPHQL_SSE',
    headers: '{ "Authorization": "Bearer " }',
    shouldPersistHeaders: true,
    defaultQuery,
  }).trim();
  const script = scriptOf(html);
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob:`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}

/** The page's one script as a browser sees it: from the first tag behind the root element to the first that ends it. */
function scriptOf(html: string): string {
  const start = html.indexOf('<script>', html.indexOf('<div id="root">')) + '<script>'.length;
  return html.slice(start, html.indexOf('</script>', start)).replaceAll(/\r\n?/g, '\n');
}
