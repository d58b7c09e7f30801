import { z } from 'zod';
import { scenarioFileSchema } from './scenario-schema.ts';

/** What editors complete and check scenario files by, as it stands in `generated/`. */
export function scenarioJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(scenarioFileSchema), undefined, 2)}\n`;
}
