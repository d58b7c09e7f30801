import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { configurationTable } from '@bff/server-kit';
import type { z } from 'zod';

/** Checks that an app's README lists its variables as the schema has them. */
export function describeReadme(readme: URL, configuration: z.ZodObject): void {
  it('lists every variable in its README as it is', () => {
    const words = (text: string) => text.replaceAll(/[\s|-]+/g, ' ').trim();
    expect(words(readFileSync(readme, 'utf8'))).toContain(words(configurationTable(configuration)));
  });
}
