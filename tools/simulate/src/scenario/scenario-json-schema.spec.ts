import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scenarioFolder, scenarioNames } from './find-scenario.ts';
import { scenarioJsonSchema } from './scenario-json-schema.ts';

const schemaUrl = '../generated/scenario.schema.json';

describe('the JSON Schema of scenario files', () => {
  it('is current; otherwise: npm run generate-schema -w tools/simulate', async () => {
    expect(await readFile(join(scenarioFolder, schemaUrl), 'utf8')).toBe(scenarioJsonSchema());
  });

  it('says of a policy value what it is for and what it is without', () => {
    const { properties } = JSON.parse(scenarioJsonSchema());
    expect(properties.policy.properties.ejection.properties.baseMs).toMatchObject({
      type: 'number',
      default: 1_000,
      description: expect.stringContaining('first ejection'),
    });
  });

  it('is named by every scenario that comes with the tool', async () => {
    for (const name of await scenarioNames(scenarioFolder)) {
      const { $schema } = JSON.parse(await readFile(join(scenarioFolder, `${name}.json`), 'utf8'));
      expect({ name, $schema }).toEqual({ name, $schema: schemaUrl });
    }
  });
});
