import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { scenarioJsonSchema } from './scenario/scenario-json-schema.ts';

/** Run alone: `npm run generate-schema -w tools/simulate`. */
const folder = resolve(import.meta.dirname, '../generated');
await mkdir(folder, { recursive: true });
await writeFile(resolve(folder, 'scenario.schema.json'), scenarioJsonSchema());
