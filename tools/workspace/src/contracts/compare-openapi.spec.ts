import { describe, expect, it } from '@jest/globals';
import { findBreakingChanges } from './compare-openapi.ts';

const document = () => ({
  openapi: '3.1.0',
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'getThing',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'view', in: 'query', required: false, schema: { type: 'string', enum: ['full', 'short'] } },
        ],
        responses: {
          200: {
            description: 'The thing.',
            headers: { ETag: { required: true, schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          404: { description: 'None.' },
        },
      },
      post: {
        operationId: 'changeThing',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Change' } } },
        },
        responses: { 204: { description: 'Done.' } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'state', 'parts'],
        properties: {
          id: { type: 'string' },
          state: { type: 'string', enum: ['on', 'off'] },
          size: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
        },
      },
      Change: {
        type: 'object',
        additionalProperties: false,
        required: ['state'],
        properties: {
          state: { type: 'string', enum: ['on', 'off'] },
          size: { type: 'integer', minimum: 0, maximum: 10 },
          note: { type: 'string', maxLength: 20 },
          part: { type: 'object', properties: {} },
        },
      },
    },
  },
});

type Document = ReturnType<typeof document>;

function changesOf(change: (draft: Document) => void): string[] {
  const after = structuredClone(document());
  change(after);
  return findBreakingChanges(document(), after);
}

const thing = (draft: Document) => draft.components.schemas.Thing;
const body = (draft: Document) => draft.components.schemas.Change;
const get = (draft: Document) => draft.paths['/things/{id}'].get;

describe('a breaking change', () => {
  it.each<[string, (draft: Document) => void, RegExp]>([
    ['a path is gone', (draft) => void (draft.paths = {} as never), /^GET \/things\/\{id\}: was removed/],
    [
      'an operation is gone',
      (draft) => void Reflect.deleteProperty(draft.paths['/things/{id}'], 'post'),
      /^POST .* was removed/,
    ],
    [
      'an operation has another id',
      (draft) => void (get(draft).operationId = 'readThing'),
      /operationId was getThing/,
    ],
    ['a parameter is gone', (draft) => void get(draft).parameters.pop(), /query parameter view was removed/],
    [
      'a parameter is new and required',
      (draft) =>
        void get(draft).parameters.push({
          name: 'x',
          in: 'query',
          required: true,
          schema: { type: 'string' },
        }),
      /query parameter x is new and required/,
    ],
    [
      'a parameter must now be given',
      (draft) => void (get(draft).parameters[1]!.required = true),
      /view is now required/,
    ],
    [
      'a parameter takes fewer values',
      (draft) => void get(draft).parameters[1]!.schema.enum!.pop(),
      /"short" is no longer taken/,
    ],
    [
      'a parameter is of another type',
      (draft) => void (get(draft).parameters[0]!.schema.type = 'integer'),
      /type was string, is integer/,
    ],
    [
      'a field of the body must now be given',
      (draft) => void body(draft).required.push('note'),
      /note: is now required/,
    ],
    [
      'a new field of the body must be given',
      (draft) => {
        Object.assign(body(draft).properties, { extra: { type: 'string' } });
        body(draft).required.push('extra');
      },
      /extra: is now required/,
    ],
    [
      'a field of the body is gone',
      (draft) => void Reflect.deleteProperty(body(draft).properties, 'note'),
      /note: was removed/,
    ],
    [
      'the body takes fewer values',
      (draft) => void body(draft).properties.state.enum.pop(),
      /"off" is no longer taken/,
    ],
    [
      'the body takes shorter texts',
      (draft) => void (body(draft).properties.note.maxLength = 10),
      /note: maxLength differs/,
    ],
    [
      'the body takes smaller numbers',
      (draft) => void (body(draft).properties.size.maximum = 5),
      /size: maximum differs/,
    ],
    [
      'the body takes a pattern alone',
      (draft) => void Object.assign(body(draft).properties.note, { pattern: '^x' }),
      /note: pattern differs/,
    ],
    [
      'a part of the body takes no other fields',
      (draft) => void Object.assign(body(draft).properties.part, { additionalProperties: false }),
      /other fields are no longer taken/,
    ],
    [
      'a credential is needed',
      (draft) => void Object.assign(draft, { security: [{ bearer: [] }] }),
      /a credential is now needed/,
    ],
    [
      'an answer is gone',
      (draft) => void Reflect.deleteProperty(get(draft).responses, '200'),
      /200 was removed/,
    ],
    [
      'a type of an answer is gone',
      (draft) => void (get(draft).responses[200].content = {} as never),
      /application\/json was removed/,
    ],
    [
      'a header of an answer is gone',
      (draft) => void (get(draft).responses[200].headers = {} as never),
      /header ETag was removed/,
    ],
    [
      'a field of an answer is gone',
      (draft) => void Reflect.deleteProperty(thing(draft).properties, 'size'),
      /size: was removed/,
    ],
    [
      'a field of an answer may be missing',
      (draft) => void thing(draft).required.splice(0, 1),
      /id: may now be missing/,
    ],
    [
      'a field of an answer is of another type',
      (draft) => void (thing(draft).properties.id.type = 'integer'),
      /id: type was string, is integer/,
    ],
    [
      'a field of an answer may be null',
      (draft) =>
        void Object.assign(thing(draft).properties, {
          id: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        }),
      /id: type was string, is null/,
    ],
    [
      'a field of an answer has a new value',
      (draft) => void thing(draft).properties.state.enum.push('broken'),
      /"broken" is new/,
    ],
    [
      'a field of an answer may be anything',
      (draft) => void Object.assign(thing(draft).properties, { state: { type: 'string' } }),
      /state: had only "on", "off"/,
    ],
  ])('is found: %s', (_name, change, expected) => {
    const changes = changesOf(change);
    expect(changes).toContainEqual(expect.stringMatching(expected));
  });
});

describe('a change that every client survives', () => {
  it.each<[string, (draft: Document) => void]>([
    ['nothing', () => undefined],
    [
      'an operation is added',
      (draft) => void Object.assign(draft.paths, { '/more': { get: { responses: {} } } }),
    ],
    [
      'a parameter that may be left out is added',
      (draft) =>
        void get(draft).parameters.push({
          name: 'x',
          in: 'query',
          required: false,
          schema: { type: 'string' },
        }),
    ],
    ['a parameter takes one more value', (draft) => void get(draft).parameters[1]!.schema.enum!.push('long')],
    ['a field of the body need not be given', (draft) => void body(draft).required.pop()],
    [
      'the body has one more field',
      (draft) => void Object.assign(body(draft).properties, { extra: { type: 'string' } }),
    ],
    ['the body takes longer texts', (draft) => void (body(draft).properties.note.maxLength = 30)],
    [
      'the body takes null, too',
      (draft) =>
        void Object.assign(body(draft).properties, {
          note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        }),
    ],
    [
      'an answer has one more field',
      (draft) => void Object.assign(thing(draft).properties, { extra: { type: 'string' } }),
    ],
    ['a field of an answer is always there', (draft) => void thing(draft).required.push('size')],
    [
      'a field of an answer is never null',
      (draft) => void Object.assign(thing(draft).properties, { size: { type: 'integer' } }),
    ],
    ['an answer has fewer values', (draft) => void thing(draft).properties.state.enum.pop()],
    ['an error no longer happens', (draft) => void Reflect.deleteProperty(get(draft).responses, '404')],
    ['words are others', (draft) => void (get(draft).responses[404].description = 'No such thing.')],
  ])('is let through: %s', (_name, change) => {
    expect(changesOf(change)).toEqual([]);
  });
});

it('says so when a reference leads nowhere', () => {
  expect(() => changesOf((draft) => void Reflect.deleteProperty(draft.components.schemas, 'Thing'))).toThrow(
    'The document has no #/components/schemas/Thing.',
  );
});
