import { z } from 'zod';
import type { AnswerContract, OperationContract } from './operation-contract.ts';

type Json = Record<string, unknown>;

export interface OpenapiOptions {
  title: string;
  version: string;
  description: string;
  operations: readonly OperationContract[];
  /** Schemas with a name of their own in the document. Every body is one of them, or a union of them. */
  schemas: Readonly<Record<string, z.ZodType>>;
  securitySchemes: Json;
}

const reference = (name: string) => `#/components/schemas/${name}`;

/** The OpenAPI 3.1 document of operations, made of the schemas that validate them. */
export function createOpenapiDocument(options: OpenapiOptions): Json {
  const { title, version, description, operations, schemas, securitySchemes } = options;
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  return {
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(operations, names),
    components: { schemas: componentsOf(schemas), securitySchemes },
  };
}

function pathsOf(operations: readonly OperationContract[], names: ReadonlyMap<z.ZodType, string>): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation, names) };
  }
  return paths;
}

function operationOf(operation: OperationContract, names: ReadonlyMap<z.ZodType, string>): Json {
  const { id, tag, summary, description, pathParameters, query, headers, body, answers } = operation;
  const parameters = [
    ...parametersOf('path', pathParameters),
    ...parametersOf('query', query),
    ...parametersOf('header', headers),
  ];
  const responses = Object.entries(answers).map(([status, answer]) => [status, responseOf(answer, names)]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: referTo(body, names) } } },
    }),
    responses: Object.fromEntries(responses) as Json,
  };
}

function parametersOf(place: 'path' | 'query' | 'header', schema: z.ZodObject | undefined): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...rest } = schemaOf(field as z.ZodType, 'input');
    const required = !(field as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: place,
      required,
      ...(description !== undefined && { description }),
      // A list of names with commas between them.
      ...(rest['type'] === 'array' && { style: 'form', explode: false }),
      schema: rest,
    };
  });
}

function responseOf(
  { description, content, headers }: AnswerContract,
  names: ReadonlyMap<z.ZodType, string>,
) {
  const documented = Object.entries(headers ?? {}).map(([name, meaning]) => [
    name,
    { description: meaning, required: true, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(documented.length > 0 && { headers: Object.fromEntries(documented) as Json }),
    ...(content && { content: { [content.type]: { schema: referTo(content.schema, names) } } }),
  };
}

function referTo(schema: z.ZodType, names: ReadonlyMap<z.ZodType, string>): Json {
  const name = names.get(schema);
  if (name !== undefined) return { $ref: reference(name) };
  if (schema instanceof z.ZodUnion) {
    return { anyOf: schema.options.map((option) => referTo(option as z.ZodType, names)) };
  }
  return schemaOf(schema, 'output');
}

function componentsOf(schemas: OpenapiOptions['schemas']): Json {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, schemaOf(schema, 'output')]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      // Zod closes every object of an answer. Clients must bear fields that are added; only what a strict schema says is closed.
      const closed = zodSchema instanceof z.ZodObject && zodSchema.def.catchall instanceof z.ZodNever;
      if (!closed) delete jsonSchema.additionalProperties;
      // What JSON Schema says with other words already.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return json;
}
