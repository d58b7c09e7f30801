import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, parse, validate, type ValidationRule } from 'graphql';
import { limitDocument } from './documents/limit-document.ts';
import { loadSchema } from './schema/create-schema.ts';
import { codeOf } from './testing/answer.ts';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
let production: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
  production = await startTestApp({ NODE_ENV: 'production' });
});
afterAll(async () => {
  await bff.close();
  await production.close();
});

const schema = buildSchema(loadSchema());
const order = 'order(id: "ord_0001")';

/** Fragments that spread the next one twice: `levels` of them stand for 2ⁿ fields. */
function bomb(levels: number, field: string): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) =>
      `fragment f${level} on Order { ${field} { ...f${level + 1} } again: ${field} { ...f${level + 1} } }`,
  );
  return `{ ${order} { ...f0 } } ${fragments.join(' ')} fragment f${levels} on Order { id }`;
}

describe('a document that asks for too much is refused before it is looked into', () => {
  it.each([
    [
      '1000 aliases',
      `{ ${Array.from({ length: 1000 }, (_, i) => `a${i}: ${order} { id }`).join(' ')} }`,
      'GRAPHQL_PARSE_FAILED',
      'tokens',
    ],
    [
      '16 aliases',
      `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: ${order} { id }`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
      '15 aliases',
    ],
    [
      '16 aliases in fragments',
      `{ ${order} { ...a ...a ...b } } fragment a on Order { ...b ...b } fragment b on Order { w: id x: id y: id z: id }`,
      'GRAPHQL_VALIDATION_FAILED',
      '15 aliases',
    ],
    [
      '11 levels',
      `{ ${order} ${'{ lines '.repeat(10)}{ sku } ${'}'.repeat(10)} }`,
      'GRAPHQL_VALIDATION_FAILED',
      '10 levels',
    ],
    [
      'a bomb of spreads',
      `{ ${order} { ...f0 } } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Order { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f30 on Order { id }`,
      'GRAPHQL_VALIDATION_FAILED',
      '500 fields',
    ],
    ['a bomb of fields', bomb(25, 'lines'), 'GRAPHQL_VALIDATION_FAILED', '500 fields'],
    [
      '501 fields',
      `{ ${order} { ${Array.from({ length: 100 }, () => 'total { a b c d }').join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
      '500 fields',
    ],
    [
      '31 directives',
      `{ ${order} { ...a @skip(if: false) ${'id @include(if: true) '.repeat(19)} ...a ...a ...a ...a ...a ...a ...a ...a ...a ...a } } fragment a on Order { __typename @skip(if: false) }`,
      'GRAPHQL_VALIDATION_FAILED',
      '30 directives',
    ],
    [
      'lists in lists in an argument',
      `{ order(id: ${'['.repeat(11)}${']'.repeat(11)}) { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
      '10 levels of lists',
    ],
    [
      'objects in objects in a default',
      `query ($id: ID! = ${'{ a: '.repeat(11)}1${' }'.repeat(11)}) { order(id: $id) { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
      '10 levels of lists and objects',
    ],
    [
      '51 operations',
      Array.from({ length: 51 }, (_, i) => `query q${i} { __typename }`).join(' '),
      'GRAPHQL_VALIDATION_FAILED',
      '50 operations and fragments',
    ],
  ])('%s', async (_what, query, code, message) => {
    bff.takeCalls();
    const { status, body } = await bff.ask(query);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    for (const error of body.errors) expect(error.extensions).toEqual({ code });
    expect(body.errors.map((error) => error.message).join()).toContain(message);
    expect(bff.takeCalls()).toEqual([]);
  });

  it('before any other rule has seen a field of it', () => {
    let fieldsSeen = 0;
    const otherRule: ValidationRule = () => ({ Field: () => void (fieldsSeen += 1) });
    const limits = { maxDepth: 10, maxAliases: 15, maxFields: 500 };
    const validateWith = (query: string) =>
      validate(schema, parse(query), [otherRule, limitDocument(limits)]).length;
    expect([validateWith(bomb(25, 'lines')) > 0, fieldsSeen]).toEqual([true, 0]);
    expect([validateWith(bomb(2, 'lines')), fieldsSeen > 0]).toEqual([0, true]);
  });

  it('accepts what lies within the limits', async () => {
    const aliases = Array.from({ length: 15 }, (_, i) => `a${i}: ${order} { id }`).join(' ');
    expect((await bff.ask(`{ ${aliases} }`)).body.errors).toBeUndefined();
  });

  it('refuses a field of one name over and over: each is compared with each', async () => {
    const often = (count: number) => `{ ${order} { ${'id '.repeat(count)} } }`;
    expect((await bff.ask(often(20))).body.errors).toBeUndefined();
    expect((await bff.ask(often(21))).status).toBe(400);
    const spread = `{ ${order} { ...a ...b } } fragment a on Order { ${'id '.repeat(11)} } fragment b on Order { ${'id '.repeat(11)} }`;
    expect((await bff.ask(spread)).body.errors[0]?.message).toContain('20 fields of the same name');
  });

  it('refuses fragments in a cycle before they are followed', async () => {
    const { status, body } = await bff.ask(
      `{ ${order} { ...a } } fragment a on Order { ...b } fragment b on Order { ...a }`,
    );
    expect([status, body.errors[0]?.message]).toEqual([400, 'A fragment cannot contain itself.']);
  });
});

describe('the schema', () => {
  it('can be read in development', async () => {
    const { body } = await bff.ask(getIntrospectionQuery());
    expect(body.data.__schema.queryType.name).toBe('Query');
  });

  it('is not told in production, neither whole nor by suggestions', async () => {
    for (const query of [getIntrospectionQuery(), '{ __type(name: "Order") { name } }']) {
      const { status, text, body } = await production.ask(query);
      expect([status, codeOf(body)]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
      expect(text).not.toMatch(/apollo/i);
    }
    const misspelt = '{ order(id: "ord_0001") { statu } }';
    expect((await bff.ask(misspelt)).text).toContain('Did you mean');
    expect((await production.ask(misspelt)).text).not.toContain('Did you mean');
    expect((await production.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});
