import { createWebBffDocument } from './web-bff-document.ts';

/** `npm run generate` keeps what this prints: the document, and the client's types made of it. */
process.stdout.write(JSON.stringify(createWebBffDocument()));
