import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 12vh 16px 0; max-width: 22rem; }
h1 { font-size: 1.4rem; }
label { display: block; margin: 0 0 .75rem; }
input:not([type=hidden]) { box-sizing: border-box; width: 100%; font: inherit; padding: .5rem; }
button { font: inherit; padding: .5rem 1.25rem; margin: 0 .5rem .75rem 0; }
.fault { color: light-dark(#a40000, #ff9c9c); }
code { font-size: 1.5rem; letter-spacing: .1em; }
`;

/**
 * No `form-action`: browsers apply it to the redirect that follows a post too, and that leads to the
 * client's own address. `script-src` is there because oidc-provider adds the hash of its one script to it.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

/** A whole page. `title` is text, `body` is HTML. */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => replacements[character] ?? '');
}
